import Foundation

/// JSON Schema as far as the API's document uses it. A keyword that is not known here is a problem by itself, so that
/// none is silently passed over.
struct SchemaCheck {
  /// What `$ref` points into.
  let document: JSONValue

  private static let notes: Set = ["description", "default", "examples"]

  /// What is wrong with the value, each with its place in it.
  func problems(_ value: JSONValue, _ schema: JSONValue, at place: String = "$") -> [String] {
    schema.fields.sorted { $0.key < $1.key }.flatMap { problems(value, $0.key, $0.value, schema, place) }
  }

  private func problems(
    _ value: JSONValue, _ keyword: String, _ argument: JSONValue, _ schema: JSONValue, _ place: String
  ) -> [String] {
    func unless(_ holds: Bool) -> [String] { holds ? [] : ["\(place): \(value) breaks \(keyword) \(argument)"] }
    func compare(_ holds: (Double, Double) -> Bool) -> [String] {
      guard let number = value.number, let bound = argument.number else { return [] }
      return unless(holds(number, bound))
    }
    func count(_ count: Int?, _ holds: (Int, Int) -> Bool) -> [String] {
      guard let count, let bound = argument.number else { return [] }
      return unless(holds(count, Int(bound)))
    }
    switch keyword {
    case "$ref":
      guard let target = argument.text.flatMap({ document.at(String($0.dropFirst())) }) else {
        return ["\(argument) is not there"]
      }
      return problems(value, target, at: place)
    case "type":
      let types = argument.text.map { [$0] } ?? argument.elements.compactMap(\.text)
      return unless(types.contains { isOf($0, value) })
    case "enum": return unless(argument.elements.contains(value))
    case "const": return unless(argument == value)
    case "minimum": return compare(>=)
    case "maximum": return compare(<=)
    case "exclusiveMinimum": return compare(>)
    case "exclusiveMaximum": return compare(<)
    case "pattern":
      guard let text = value.text, let pattern = argument.text else { return [] }
      return unless(text.range(of: pattern, options: .regularExpression) != nil)
    case "minLength": return count(value.text?.unicodeScalars.count, >=)
    case "maxLength": return count(value.text?.unicodeScalars.count, <=)
    case "minItems": return count(list(value)?.count, >=)
    case "maxItems": return count(list(value)?.count, <=)
    case "minProperties": return count(object(value)?.count, >=)
    case "uniqueItems":
      return unless(list(value).map { Set($0).count == $0.count } ?? true)
    case "items":
      return value.elements.enumerated().flatMap { problems($1, argument, at: "\(place)[\($0)]") }
    case "required":
      guard let fields = object(value) else { return [] }
      return argument.elements.compactMap(\.text).filter { fields[$0] == nil }.map { "\(place) has no \($0)" }
    case "properties":
      return value.fields.flatMap { name, inner in
        argument[name].map { problems(inner, $0, at: "\(place).\(name)") } ?? []
      }
    case "additionalProperties":
      let known = schema["properties"]?.fields ?? [:]
      return value.fields.filter { known[$0.key] == nil }.flatMap { name, inner in
        argument == .flag(false)
          ? ["\(place).\(name) is not documented"] : problems(inner, argument, at: "\(place).\(name)")
      }
    case "propertyNames":
      return value.fields.keys.flatMap { problems(.text($0), argument, at: "\(place), its key") }
    case "allOf": return argument.elements.flatMap { problems(value, $0, at: place) }
    case "anyOf": return unless(argument.elements.contains { problems(value, $0, at: place).isEmpty })
    case "oneOf": return unless(argument.elements.count { problems(value, $0, at: place).isEmpty } == 1)
    default: return Self.notes.contains(keyword) ? [] : ["the keyword \(keyword) is not known to this check"]
    }
  }

  private func list(_ value: JSONValue) -> [JSONValue]? { if case .list(let list) = value { list } else { nil } }
  private func object(_ value: JSONValue) -> [String: JSONValue]? {
    if case .object(let object) = value { object } else { nil }
  }

  private func isOf(_ type: String, _ value: JSONValue) -> Bool {
    switch (type, value) {
    case ("null", .null), ("boolean", .flag), ("number", .number), ("string", .text), ("array", .list),
      ("object", .object):
      true
    case ("integer", .number(let number)): number == number.rounded()
    default: false
    }
  }
}
