/// Comma-separated values as RFC 4180 has them: CRLF at the end of each record, quotes only where needed.
struct CSV: Hashable {
  var header: [String]
  private(set) var records: [[String]] = []

  init(header: [String]) { self.header = header }

  mutating func append(_ record: [String]) {
    precondition(record.count == header.count, "a record has a field for every name")
    records.append(record)
  }

  func rendered() -> String {
    var text = ""
    for record in [header] + records { text += record.map(Self.field).joined(separator: ",") + "\r\n" }
    return text
  }

  private static func field(_ text: String) -> String {
    // Unicode scalars, because CRLF is one Character.
    guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return text }
    return "\"\(text.replacing("\"", with: "\"\""))\""
  }
}

extension CSV {
  /// A number in full: the shortest text that reads back as the same double; nothing for nil.
  static func number(_ value: Double?) -> String { value.map { String($0) } ?? "" }
  static func number(_ value: (some BinaryInteger)?) -> String { value.map { String($0) } ?? "" }
}
