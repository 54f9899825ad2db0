import Glibc

/// Random inputs made from right ones, the same again for the same seed.
///
/// `PAIRNET_FUZZ_CASES` says how many, and `PAIRNET_TEST_SEED` which; a run prints its own before it begins, because a
/// crash would not tell.
package struct FuzzRun: RandomNumberGenerator {
  package let name: String
  package let seed: UInt64
  package let cases: Int
  private var state: UInt64

  /// - Parameters:
  ///   - cases: how many by default.
  ///   - share: of the cases asked for, one in so many is run: for what takes long.
  package init(_ name: String, cases: Int, share: Int = 1) {
    self.name = name
    seed = Self.environment("PAIRNET_TEST_SEED").flatMap(UInt64.init) ?? .random(in: 0..<1_000_000_000)
    self.cases = Self.environment("PAIRNET_FUZZ_CASES").flatMap(Int.init).map { max(1, $0 / share) } ?? cases
    state = seed
    print("fuzz \(name): \(self.cases) cases, PAIRNET_TEST_SEED=\(seed)")
  }

  /// What a failure is to be found again by.
  package func place(_ index: Int) -> String { "fuzz \(name), case \(index), PAIRNET_TEST_SEED=\(seed)" }

  private static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// SplitMix64.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  package mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
  package mutating func one<Element>(of elements: [Element]) -> Element { elements[below(elements.count)] }

  /// The bytes with up to four changes: cut, removed, doubled, altered, or something of the dictionary put in.
  package mutating func damaged(_ original: [UInt8], dictionary: [String]) -> [UInt8] {
    var bytes = original
    for _ in 0..<below(5) where !bytes.isEmpty {
      let index = below(bytes.count)
      let end = min(bytes.count, index + 1 + below(8))
      switch below(8) {
      case 0: bytes.removeSubrange(index...)
      case 1: bytes.removeSubrange(index..<end)
      case 2: bytes.insert(contentsOf: bytes[index..<end], at: index)
      case 3: bytes[index] = UInt8(below(256))
      case 4: bytes[index] ^= 1 << UInt8(below(8))
      case 5: bytes.replaceSubrange(index..<end, with: Array(one(of: dictionary).utf8))
      default: bytes.insert(contentsOf: Array(one(of: dictionary).utf8), at: index)
      }
    }
    return bytes
  }
}
