import PairCore

/// What a JSON parser lets pass and a request must not have: a key that an object gives twice, of which a parser would
/// silently keep one, and nesting without end. Anything else that is wrong is left for the parser to find.
struct JSONStructure {
  /// No request that is documented nests deeper than half of this.
  static let depthMax = 16

  private struct Level {
    /// The keys so far; nil for an array.
    var keys: Set<[UInt8]>?
    var isKeyNext: Bool
  }

  /// - Throws: `SpecError` naming the key that is given twice, or the body if it is nested too deeply.
  static func check(_ bytes: [UInt8]) throws(SpecError) {
    var levels: [Level] = []
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard levels.count < depthMax else {
          throw SpecError(key: "body", value: "", allowed: "nest objects and lists at most \(depthMax) deep")
        }
        let isObject = byte == UInt8(ascii: "{")
        levels.append(Level(keys: isObject ? [] : nil, isKeyNext: isObject))
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard levels.popLast() != nil else { return }
      case UInt8(ascii: ","):
        guard let last = levels.indices.last else { return }
        levels[last].isKeyNext = levels[last].keys != nil
      case UInt8(ascii: "\""):
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
          index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard index < bytes.count else { return }
        if let last = levels.indices.last, levels[last].isKeyNext {
          levels[last].isKeyNext = false
          let key = unescaped(bytes[start..<index])
          guard levels[last].keys?.insert(key).inserted ?? true else {
            throw SpecError(key: String(decoding: key, as: UTF8.self), value: "", allowed: "give each key once")
          }
        }
        index += 1
      default: break
      }
    }
  }

  /// The text of a string's inside. A key with escapes is read as the parser reads it, so that `"a"` and `"\u0061"`
  /// are the same one.
  private static func unescaped(_ inside: ArraySlice<UInt8>) -> [UInt8] {
    guard inside.contains(UInt8(ascii: "\\")) else { return Array(inside) }
    let quote = UInt8(ascii: "\"")
    return (try? JSON.parse(String.self, [quote] + inside + [quote])).map { Array($0.utf8) } ?? Array(inside)
  }
}
