import PairCore

/// A name and a value of a request's query.
package struct QueryItem: Hashable, Sendable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }

  /// `a=1&b=x,y`, percent-encoded.
  package static func string(_ items: [QueryItem]) -> String {
    items.map { "\(percentEncoded($0.name))=\(percentEncoded($0.value))" }.joined(separator: "&")
  }

  /// The items of a query without its `?`; `+` stands for itself, as RFC 3986 has it.
  ///
  /// - Throws: `SpecError` for a broken escape, bytes that are not UTF-8, or a name that is given twice.
  package static func parse(_ query: String) throws(SpecError) -> [QueryItem] {
    var items: [QueryItem] = []
    for field in query.parts(separatedBy: "&") where !field.isEmpty {
      let halves = field.parts(separatedBy: "=", atMost: 2)
      let name = try percentDecoded(halves[0])
      guard halves.count == 2, !name.isEmpty else {
        throw SpecError(
          key: name.isEmpty ? "query" : name, value: name.isEmpty ? field : "",
          allowed: "write a query as name=value, joined by &")
      }
      let value = try percentDecoded(halves[1])
      guard !items.contains(where: { $0.name == name }) else {
        throw SpecError(key: name, value: value, allowed: "give each name once; list values with commas")
      }
      items.append(QueryItem(name, value))
    }
    return items
  }

  /// All bytes but RFC 3986's unreserved ones and the comma as `%XX`.
  package static func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"), UInt8(ascii: ","):
        bytes.append(byte)
      default:
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// - Throws: `SpecError` for a broken escape or bytes that are not UTF-8.
  package static func percentDecoded(_ text: some StringProtocol) throws(SpecError) -> String {
    func nibble(_ byte: UInt8) -> UInt8? {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
      default: nil
      }
    }
    let refusal = SpecError(
      key: "query", value: String(text), allowed: "escape bytes as %XX with two hexadecimal digits, in UTF-8")
    let source = Array(text.utf8)
    var bytes: [UInt8] = []
    var index = 0
    while index < source.count {
      if source[index] == UInt8(ascii: "%") {
        guard index + 2 < source.count, let high = nibble(source[index + 1]), let low = nibble(source[index + 2])
        else { throw refusal }
        bytes.append(high << 4 | low)
        index += 3
      } else {
        bytes.append(source[index])
        index += 1
      }
    }
    guard let decoded = String(validating: bytes, as: UTF8.self) else { throw refusal }
    return decoded
  }
}

/// What a request may ask in its query.
package protocol RequestQuery: Sendable {
  /// The names that the query may hold.
  static var names: [String] { get }
  /// Takes its items out of `query`.
  ///
  /// - Throws: `SpecError` naming the item that cannot be read.
  init(taking query: inout [QueryItem]) throws(SpecError)
}

extension RequestQuery {
  /// Reads a whole query string; anything unknown in it is refused.
  package init(_ string: String) throws(SpecError) {
    var items = try QueryItem.parse(string)
    try self.init(taking: &items)
    try items.refuseRest(allowed: Self.names)
  }
}

/// The query of requests that take none.
package struct NoQuery: RequestQuery {
  package static let names: [String] = []
  package init(taking query: inout [QueryItem]) {}
}
