import PairCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// JSON as both sides of the API write and read it.
package enum JSON {
  /// The value with its keys sorted and slashes left alone.
  package static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value))
  }

  static func parse<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws -> Value {
    try JSONDecoder().decode(type, from: Data(bytes))
  }

  /// - Throws: `SpecError` that names the field if the text is not JSON or not a `Value`.
  package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws(SpecError) -> Value {
    try JSONStructure.check(bytes)
    do {
      return try parse(type, bytes)
    } catch let error as SpecError {
      throw error
    } catch let error as DecodingError {
      throw SpecError(error)
    } catch {
      throw SpecError(key: "body", value: "", allowed: "give JSON (\(error))")
    }
  }
}

extension SpecError {
  /// What a body of the wrong shape says to a person.
  init(_ error: DecodingError) {
    func key(_ path: [any CodingKey]) -> String {
      path.isEmpty
        ? "body"
        : path.reduce("") { text, key in
          if let index = key.intValue { return "\(text)[\(index)]" }
          return text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)"
        }
    }
    switch error {
    case .keyNotFound(let missing, let context):
      self.init(key: key(context.codingPath + [missing]), value: "", allowed: "this field is required")
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      self.init(key: key(context.codingPath), value: "", allowed: "\(context.debugDescription)")
    @unknown default:
      self.init(key: "body", value: "", allowed: "give JSON of the documented shape")
    }
  }
}

/// Any key of a JSON object.
private struct AnyKey: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension Decoder {
  /// A misspelt field must not be passed over: it would quietly change what the request is about.
  ///
  /// - Throws: `SpecError` naming the first unknown key.
  package func refuseKeys(besides known: [String]) throws {
    let container = try container(keyedBy: AnyKey.self)
    if let unknown = container.allKeys.map(\.stringValue).sorted().first(where: { !known.contains($0) }) {
      throw SpecError(key: unknown, value: "", allowed: "the fields are \(known.joined(separator: ", "))")
    }
  }
}
