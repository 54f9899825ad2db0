/// JSON as it stands in a file: every field in its order, those given twice too, and numbers as they were written.
enum JSONTree: Hashable {
  case object([Field])
  case array([JSONTree])
  case string(String)
  case number(String)
  /// true, false, null
  case word(String)

  struct Field: Hashable {
    var name: String
    var value: JSONTree
  }

  struct Malformed: Error, CustomStringConvertible {
    /// Counted from 0.
    var byte: Int
    var description: String { "it is no JSON at byte \(byte + 1)" }
  }

  static func parse(_ bytes: [UInt8]) throws(Malformed) -> JSONTree {
    var parser = JSONTreeParser(bytes: bytes)
    let tree = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.isAtEnd else { throw Malformed(byte: parser.position) }
    return tree
  }

  /// Where the tree says something else than another one that was read from it, each as a sentence.
  ///
  /// - Parameter other: what a program understood of this tree, as it would write it itself.
  func differences(from other: JSONTree, at path: String = "") -> [String] {
    func below(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
    switch (self, other) {
    case (.object(let fields), .object(let others)):
      var rest = Dictionary(others.map { ($0.name, $0.value) }) { first, _ in first }
      var found: [String] = []
      for field in fields {
        if let value = rest.removeValue(forKey: field.name) {
          found += field.value.differences(from: value, at: below(field.name))
        } else {
          found.append("\(below(field.name)) is no field that belongs there")
        }
      }
      return found + rest.keys.sorted().map { "\(below($0)) is missing" }
    case (.array(let elements), .array(let others)) where elements.count == others.count:
      return zip(elements, others).enumerated().flatMap { index, pair in
        pair.0.differences(from: pair.1, at: "\(path)[\(index)]")
      }
    case (.number(let text), .number(let other)) where text == other || Double(text) == Double(other): return []
    default: return self == other ? [] : ["\(path) is \(summary), which reads as \(other.summary)"]
    }
  }

  private var summary: String {
    switch self {
    case .object: "an object"
    case .array(let elements): "a list of \(elements.count)"
    case .string(let text): "'\(text.prefix(80))'"
    case .number(let text), .word(let text): String(text.prefix(80))
    }
  }
}

/// Source: RFC 8259.
private struct JSONTreeParser {
  let bytes: [UInt8]
  var position = 0

  /// Deeper nesting than any bundle has would exhaust the stack.
  static let depthMax = 64

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }
  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }
  private var malformed: JSONTree.Malformed { JSONTree.Malformed(byte: position) }

  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || (0x09...0x0A).contains(byte) || byte == 0x0D { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func value(depth: Int) throws(JSONTree.Malformed) -> JSONTree {
    guard depth < Self.depthMax else { throw malformed }
    if take("{") { return .object(try fields(depth: depth)) }
    if take("[") { return .array(try elements(depth: depth)) }
    if take("\"") { return .string(try string()) }
    // Numbers and words run up to what ends a value.
    let start = position
    while let byte = next, !" \t\r\n,]}:[{\"".utf8.contains(byte) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if ["true", "false", "null"].contains(text) { return .word(text) }
    guard let first = text.utf8.first, first == 0x2D || (0x30...0x39).contains(first), Double(text) != nil else {
      throw JSONTree.Malformed(byte: start)
    }
    return .number(text)
  }

  private mutating func fields(depth: Int) throws(JSONTree.Malformed) -> [JSONTree.Field] {
    var fields: [JSONTree.Field] = []
    if take("}") { return fields }
    repeat {
      guard take("\"") else { throw malformed }
      let name = try string()
      guard take(":") else { throw malformed }
      fields.append(JSONTree.Field(name: name, value: try value(depth: depth + 1)))
    } while take(",")
    guard take("}") else { throw malformed }
    return fields
  }

  private mutating func elements(depth: Int) throws(JSONTree.Malformed) -> [JSONTree] {
    var elements: [JSONTree] = []
    if take("]") { return elements }
    repeat { elements.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw malformed }
    return elements
  }

  /// The rest of a string whose opening quote is taken.
  private mutating func string() throws(JSONTree.Malformed) -> String {
    var units: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      position += 1
      if byte == UInt8(ascii: "\\") { units += try escaped() } else { units.append(byte) }
    }
    guard next != nil else { throw malformed }
    position += 1
    return String(decoding: units, as: UTF8.self)
  }

  private mutating func escaped() throws(JSONTree.Malformed) -> [UInt8] {
    guard let byte = next else { throw malformed }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      var units = [try codeUnit()]
      if (0xD800..<0xDC00).contains(units[0]) {
        guard take("\\"), take("u") else { throw malformed }
        units.append(try codeUnit())
      }
      return Array(String(decoding: units, as: UTF16.self).utf8)
    default: throw malformed
    }
  }

  private mutating func codeUnit() throws(JSONTree.Malformed) -> UInt16 {
    guard position + 4 <= bytes.count,
      let unit = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw malformed }
    position += 4
    return unit
  }
}
