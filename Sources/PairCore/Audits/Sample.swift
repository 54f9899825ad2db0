/// Elements drawn at random, the same ones for the same seed.
package enum Sample {
  /// SplitMix64: Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators", OOPSLA.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  /// At most `count` of the elements, in their order.
  package static func of<Element>(_ elements: [Element], count: Int, seed: UInt64) -> [Element] {
    var generator = Generator(state: seed)
    var indices = Array(elements.indices)
    // Fisher-Yates from the front, as far as wanted.
    for position in 0..<min(count, indices.count) {
      // Remainders favour small numbers by less than 2^-40 for any list that fits in memory.
      let chosen = position + Int(generator.next() % UInt64(indices.count - position))
      indices.swapAt(position, chosen)
    }
    return indices.prefix(count).sorted().map { elements[$0] }
  }
}
