import Foundation
import HTTPTypes
import PairAPI

@testable import PairServer

/// The API's document, as a promise to be held to.
struct Contract {
  let document: JSONValue

  static let shared: Contract = {
    do {
      return Contract(document: try JSON.decode(JSONValue.self, from: PackageResources.openapi_json))
    } catch {
      fatalError("openapi.json: \(error)")
    }
  }()

  var schemas: [String: JSONValue] { document.at("/components/schemas")?.fields ?? [:] }

  func resolved(_ value: JSONValue) -> JSONValue {
    value["$ref"]?.text.flatMap { document.at(String($0.dropFirst())) }.map(resolved) ?? value
  }

  func operation(_ method: HTTPRequest.Method, _ pattern: String) -> JSONValue? {
    document["paths"]?[pattern]?[method.rawValue.lowercased()]
  }

  /// The schema of an operation's body.
  func body(of operation: JSONValue) -> JSONValue? {
    operation.at("/requestBody/content/application~1json/schema").map(resolved)
  }

  /// What an answer has that the document does not say, or lacks that it does.
  func problems(
    _ method: HTTPRequest.Method, _ target: String, status: Int, headers: HTTPFields, body: [UInt8]
  ) throws -> [String] {
    let path = target.split(separator: "?", maxSplits: 1)[0]
    let check = SchemaCheck(document: document)
    guard let operation = pattern(of: path).flatMap({ operation(method, $0) }) else {
      // Neither the path nor the method is there: the answer must say so.
      guard status == 404 || status == 405 else { return ["\(method) \(path) is not documented"] }
      return check.problems(try JSON.decode(from: body), schemas["Error"] ?? .null)
    }
    guard let answer = operation["responses"]?[String(status)].map(resolved) else {
      return ["\(method) \(path): status \(status) is not documented"]
    }
    let type = headers[.contentType]?.split(separator: ";").first.map(String.init) ?? ""
    guard let schema = answer["content"]?[type]?["schema"] else {
      return ["\(method) \(path): \(type) is not documented"]
    }
    let value: JSONValue =
      type == "application/json" ? try JSON.parse(body) : .text(String(decoding: body, as: UTF8.self))
    return check.problems(value, schema).map { "\(method) \(path), \(status): \($0)" }
  }

  /// The documented path that the request's path is of; one without names wins, as it does in the router.
  private func pattern(of path: Substring) -> String? {
    let parts = path.split(separator: "/")
    return document["paths"]?.fields.keys.sorted { $0.count { $0 == "{" } < $1.count { $0 == "{" } }.first { pattern in
      let names = pattern.split(separator: "/")
      return names.count == parts.count && zip(names, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
  }
}

extension JSON {
  static func decode<Value: Decodable>(from bytes: [UInt8]) throws -> Value { try decode(Value.self, from: bytes) }

  /// As `decode`, without the limits of a request.
  static func parse<Value: Decodable>(_ bytes: [UInt8]) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(bytes))
  }
}
