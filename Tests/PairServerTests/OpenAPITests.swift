import HTTPTypes
import PairAPI
import PairCore
import PairStore
import Testing

@testable import PairServer

/// Every answer of every test of the routes is held against the document too: see `RouterFixture.send`.
@Suite("The API's document")
struct OpenAPITests {
  private let contract = Contract.shared

  @Test("It has the routes that are served, and no others")
  func routes() throws {
    let served = try RouterFixture().api.table().operations.map { "\($0.method) \($0.pattern.rawValue)" }
    let documented = (contract.document["paths"]?.fields ?? [:]).flatMap { path, item in
      item.fields.keys.filter { $0 != "parameters" }.map { "\($0.uppercased()) \(path)" }
    }
    #expect(documented.sorted() == served.sorted())
  }

  @Test("Every query has the names that its route reads, and every path its own")
  func names() throws {
    for operation in try RouterFixture().api.table().operations {
      let path = operation.pattern.rawValue
      let documented = try #require(contract.operation(operation.method, path))
      let query = (documented["parameters"]?.elements ?? []).map(contract.resolved)
      #expect(query.allSatisfy { $0["in"] == .text("query") }, "\(path)")
      #expect(query.compactMap { $0["name"]?.text }.sorted() == operation.queryNames.sorted(), "\(path)")
      let inPath = (contract.document["paths"]?[path]?["parameters"]?.elements ?? []).compactMap { $0["name"]?.text }
      #expect(
        inPath == path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) })
    }
  }

  @Test("A job's parameters are as the program knows them: kind, range, default and meaning", arguments: Parameter.all)
  func parameter(parameter: Parameter) throws {
    let documented = try #require(contract.schemas["Parameters"]?["properties"]?[parameter.key])
    #expect(documented == Self.schema(of: parameter))
    #expect(contract.schemas["Parameters"]?["properties"]?.fields.count == Parameter.all.count)
  }

  private static func schema(of parameter: Parameter) -> JSONValue {
    var fields: [String: JSONValue] = ["description": .text(parameter.summary)]
    fields["default"] =
      switch parameter.defaultValue {
      case .flag(let value): .flag(value)
      case .integer(let value): .number(Double(value))
      case .number(let value): .number(value)
      case .text(let value): .text(value)
      }
    switch parameter.kind {
    case .choice(let choices):
      fields["type"] = .text("string")
      fields["enum"] = .list(choices.map(JSONValue.text))
    case .flag: fields["type"] = .text("boolean")
    case .integer(let range):
      fields["type"] = .text("integer")
      fields["minimum"] = .number(Double(range.lowerBound))
      fields["maximum"] = .number(Double(range.upperBound))
    case .number(let from, let fromIncluded, let to, let toIncluded):
      fields["type"] = .text("number")
      fields[fromIncluded ? "minimum" : "exclusiveMinimum"] = .number(from)
      fields[toIncluded ? "maximum" : "exclusiveMaximum"] = .number(to)
    case .name:
      fields["type"] = .text("string")
      fields["pattern"] = .text("^[a-z0-9][a-z0-9._-]{0,63}$")
    }
    return .object(fields)
  }

  @Test("Its limits are those of the program")
  func limits() {
    func number(_ pointer: String) -> Double? { contract.document.at(pointer)?.number }
    let schemas = "/components/schemas"
    #expect(number("/components/parameters/limit/schema/maximum") == Double(Limits.pageMax))
    #expect(number("/components/parameters/limit/schema/default") == Double(Limits.pageDefault))
    #expect(number("\(schemas)/SQLRequest/properties/rows_max/maximum") == Double(Limits.sqlRowsMax))
    #expect(number("\(schemas)/SQLRequest/properties/rows_max/default") == Double(Limits.sqlRowsDefault))
    #expect(number("\(schemas)/SQLRequest/properties/seconds_max/maximum") == Limits.sqlSecondsMax)
    #expect(number("\(schemas)/SQLRequest/properties/seconds_max/default") == Limits.sqlSecondsDefault)
    #expect(number("\(schemas)/CompareRequest/properties/settings/maxItems") == Double(Limits.comparedInGroupsMax))
    #expect(number("\(schemas)/CompareRequest/properties/groups_of/maximum") == Double(Limits.comparedMax))
    #expect(number("\(schemas)/CompareRequest/properties/half_width/maximum") == CompareRequest.halfWidthMax)
    #expect(number("\(schemas)/StudyOptions/properties/labels/maxItems") == Double(StudyOptions.labelsMax))
    #expect(number("\(schemas)/StudyOptions/properties/after/maxItems") == Double(StudyOptions.afterMax))
    #expect(number("\(schemas)/StudyOptions/properties/workers_max/maximum") == Double(StudyOptions.workersMax))
    #expect(
      number("\(schemas)/StudyOptions/properties/time_limit_seconds/maximum") == StudyOptions.timeLimitSecondsMax)
    #expect(number("\(schemas)/ReproduceRequest/properties/runs/maximum") == 1_000)
    #expect(
      contract.document.at("\(schemas)/AuditRequest/properties/sample/pattern")?.text == SampleSize.pattern)
    let jobs = contract.schemas["SubmitRequest"]?["oneOf"]?.elements.compactMap { $0.at("/properties/jobs/maxItems") }
    #expect(jobs == [.number(Double(Grid.cellsMax))])
    for name in ["timeout", "interval"] {
      let wait = contract.operation(.get, "/v1/studies/{study}/progress")?["parameters"]?.elements
        .first { $0["name"] == .text(name) }
      #expect(wait?.at("/schema/maximum")?.number == Limits.waitSecondsMax)
    }
    #expect(
      contract.document.at("/components/responses/TooLarge/description")?.text?.contains("\(Limits.bodyBytesMax)")
        == true)
    let head = contract.document.at("/components/responses/HeaderTooLarge/description")?.text ?? ""
    for limit in [ListenerLimits.headBytesMax, ListenerLimits.headFieldsMax, ListenerLimits.fieldBytesMax] {
      #expect(head.contains(" \(limit) "))
    }
  }

  @Test(
    "A name is a dataset's by the document as by the program, in a path as in a grid",
    arguments: [
      "synthetic", "mnist-2.0_a", String(repeating: "a", count: 64), "", ".a", "-a", "A", "a b", "\u{e9}",
      "\u{1F3FB}", "a\n", String(repeating: "a", count: 65),
    ])
  func datasetName(name: String) async throws {
    let schema = "/components/schemas/Parameters/properties/dataset"
    let pattern = try Regex(#require(contract.document.at("\(schema)/pattern")?.text))
    let isName = try pattern.wholeMatch(in: name) != nil
    let parameter = try #require(Parameter.named("dataset"))
    #expect((try? parameter.checked(.text(name))) == (isName ? .text(name) : nil))
    for (path, item) in contract.document["paths"]?.fields ?? [:] where path.contains("{dataset}") {
      let parameter = item["parameters"]?.elements.first
      #expect(parameter?["schema"]?["$ref"]?.text == "#\(schema)", "\(path)")
    }
  }

  @Test("Its words are those of the program: states, metrics and errors, each with its status")
  func words() {
    func words(_ pointer: String) -> [String]? { contract.document.at(pointer)?.elements.compactMap(\.text) }
    #expect(words("/components/schemas/JobState/enum") == JobState.allCases.map(\.rawValue))
    #expect(words("/components/schemas/JobDetail/properties/waiting/properties/because/enum") == JobWait.words)
    #expect(words("/components/schemas/Priority/enum") == Priority.allCases.map(\.rawValue))
    #expect(words("/components/schemas/Counts/propertyNames/enum") == JobState.allCases.map(\.rawValue) + ["repeated"])
    #expect(words("/components/parameters/metric/schema/enum") == AggregateQuery.metrics)
    #expect(words("/components/schemas/CompareRequest/properties/metric/enum") == AggregateQuery.metrics)
    #expect(words("/components/schemas/Error/properties/error/enum") == ErrorResponse.Code.allCases.map(\.rawValue))
    var statuses: Set<String> = []
    for item in contract.document["paths"]?.fields.values ?? [:].values {
      for operation in item.fields.values { statuses.formUnion(operation["responses"]?.fields.keys.map { $0 } ?? []) }
    }
    #expect(statuses == Set(ErrorResponse.Code.allCases.map { String($0.status) } + ["200"]))
  }

  @Test("Every body has the fields that its route reads, and its examples are accepted")
  func bodies() async throws {
    let api = try RouterFixture()
    let check = SchemaCheck(document: contract.document)
    for operation in api.api.table().operations where operation.method == .post {
      let path = operation.pattern.rawValue
      let schema = try #require(contract.operation(.post, path).flatMap(contract.body))
      let refusal = try await api.send(.post, path, body: Array(#"{"no_such_field":1}"#.utf8)).error
      #expect(refusal.key == "no_such_field")
      let read = (refusal.allowed ?? "").replacing("the fields are ", with: "").split(separator: ", ").map(String.init)
      let parts = (schema["oneOf"]?.elements ?? []) + (schema["allOf"]?.elements ?? [])
      let shapes = [schema] + parts.map(contract.resolved)
      let documented = Set(shapes.flatMap { $0["properties"]?.fields.keys.map { $0 } ?? [] })
      #expect(documented == Set(read), "\(path)")
      for example in schema["examples"]?.elements ?? [] {
        #expect(check.problems(example, schema) == [])
        #expect(try await api.send(.post, path, body: try JSON.encode(example)).status == 200, "\(path)")
        await api.scheduler.idle()
      }
    }
  }

  @Test("The schemas let nothing pass that they do not describe")
  func strictness() throws {
    let check = SchemaCheck(document: contract.document)
    let error = try #require(contract.schemas["Error"])
    #expect(check.problems(.object(["error": .text("conflict"), "message": .text("no")]), error) == [])
    #expect(check.problems(.object(["error": .text("conflict")]), error).count == 1)
    #expect(check.problems(.object(["error": .text("oops"), "message": .text("no")]), error).count == 1)
    #expect(
      check.problems(.object(["error": .text("conflict"), "message": .text("no"), "x": .null]), error)
        == ["$.x is not documented"])
    for (name, schema) in contract.schemas where schema["type"] == .text("object") && name != "Counts" {
      #expect(schema["additionalProperties"] == .flag(false), "\(name)")
    }
  }
}
