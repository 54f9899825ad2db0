import PairAPI
import PairCore
import Testing

@Suite("The wire")
struct WireTests {
  @Test(
    "A filter survives the way through a query",
    arguments: [
      JobFilter(), JobFilter(jobs: [1, 2, 9]), JobFilter(study: 3, states: [.queued, .running]),
      JobFilter(parameters: [
        "model": [.text("BaseNet"), .text("BaseNetAux")], "batch_norm": [.flag(true)],
        "dropout": [.number(0), .number(0.1), .number(1e-7)], "seed": [.integer(1), .integer(Int64.max)],
        "dataset": [.text("fashion-mnist")],
      ]),
    ])
  func filter(filter: JobFilter) throws {
    var items = try QueryItem.parse(QueryItem.string(filter.queryItems))
    #expect(try JobFilter(taking: &items) == filter)
    #expect(items.isEmpty)
  }

  @Test(
    "A comparison is asked for with a level and a width that have quantiles and finite figures",
    arguments: [
      (#""level":0.9999999999999999"#, "level"), (#""level":0.5"#, "level"), (#""half_width":0"#, "half_width"),
      (#""half_width":1e308"#, "half_width"),
    ])
  func comparisonOutOfRange(field: String, key: String) throws {
    let body = #"{"settings":[{"name":"a","filter":{"study":1}},{"name":"b","filter":{"study":2}}],\#(field)}"#
    let error = #expect(throws: SpecError.self) { try JSON.decode(CompareRequest.self, from: Array(body.utf8)) }
    #expect(error?.key == key)
  }

  @Test("Lists and ranges of a filter read as on the command line")
  func lists() throws {
    let query = try JobsQuery("job=1,5-7&model=all&seed=1-3&batch_norm=both&state=failed,diverged&limit=5&after=12")
    #expect(query.filter.jobs == [1, 5, 6, 7])
    #expect(query.filter.parameters["model"]?.count == Model.allCases.count)
    #expect(query.filter.parameters["seed"] == [.integer(1), .integer(2), .integer(3)])
    #expect(query.filter.parameters["batch_norm"] == [.flag(false), .flag(true)])
    #expect(query.filter.states == [.failed, .diverged])
    #expect(query.page == PageQuery(.newest, limit: 5, after: 12))
  }

  @Test("A comma separates, whatever character follows it")
  func combining() throws {
    for modifier in ["\u{1F3FB}", "\u{301}", "\u{200D}"] {
      let labels = ["a", "\(modifier)b"]
      var items = try QueryItem.parse(QueryItem.string(JobFilter(labels: labels).queryItems))
      #expect(try JobFilter(taking: &items).labels == labels)
      #expect(try Selector(parsing: "label=a,\(modifier)b,seed=1").filter.labels == labels)
      let error = #expect(throws: SpecError.self) { try JobsQuery("state=queued&\(modifier)=1") }
      #expect(error?.key == modifier)
    }
  }

  @Test("A list of ranges has a bound, however short it is written", arguments: ["job", "seed", "epochs"])
  func manyValues(key: String) {
    let list = Array(repeating: "1-10000", count: 1_000).joined(separator: ",")
    let error = #expect(throws: SpecError.self) { try JobsQuery("\(key)=\(list)") }
    #expect(error?.key == key && error?.allowed.contains("at most \(Grid.cellsMax)") == true)
  }

  @Test("Any text survives percent-encoding", arguments: ["", "a b", "ä/ö?&=+%", "1,2", "100%25", "\u{0}\n🙂"])
  func percent(text: String) throws {
    let encoded = QueryItem.percentEncoded(text)
    #expect(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
    #expect(try QueryItem.percentDecoded(encoded) == text)
  }

  @Test("A broken escape is refused", arguments: ["%", "%1", "%zz", "%C3", "%-1"])
  func brokenEscape(text: String) {
    #expect(throws: SpecError.self) { try QueryItem.percentDecoded(text) }
  }

  @Test("All queries survive the way through a string")
  func queries() throws {
    func round<Query: RequestQuery & Equatable>(_ query: Query, _ items: [QueryItem]) throws {
      #expect(try Query(QueryItem.string(items)) == query)
    }
    let page = PageQuery(.oldest, limit: 7, after: 3)
    try round(
      JobsQuery(filter: JobFilter(study: 2), page: page), JobsQuery(filter: JobFilter(study: 2), page: page).queryItems)
    for by in [nil, [], ["model", "dropout"]] {
      let query = AggregateQuery(filter: JobFilter(study: 2), by: by, metric: "test_loss")
      try round(query, query.queryItems)
    }
    for query in [StudiesQuery(), StudiesQuery(limit: 3, after: 9, name: "a & b")] {
      try round(query, query.queryItems)
    }
    for query in [ProgressQuery(), ProgressQuery(after: "x.1", timeoutSeconds: 0.5)] {
      try round(query, query.queryItems)
    }
    let pairs = PairsQuery(seed: 9, count: 3, split: .test)
    try round(pairs, pairs.queryItems)
  }

  @Test("A cancellation and an error survive the way through JSON")
  func json() throws {
    let filter = JobFilter(
      jobs: [1], labels: ["a", "b c"], states: [.queued], priorities: [.low, .urgent],
      parameters: ["seed": [.integer(4)]])
    let cancel = ControlRequest(filter)
    #expect(try JSON.decode(ControlRequest.self, from: try JSON.encode(cancel)) == cancel)
    let priority = PriorityRequest(.high, filter)
    #expect(try JSON.decode(PriorityRequest.self, from: try JSON.encode(priority)) == priority)
    let submission = SubmitRequest(
      name: "a", grid: ["seed": [.integer(1)]],
      options: try StudyOptions(
        validating: .urgent, labels: ["b", "a", "b"], after: [7, 3], workersMax: 2, timeLimitSeconds: 0.5))
    let read = try JSON.decode(SubmitRequest.self, from: try JSON.encode(submission))
    #expect(read.options == submission.options && read.options.labels == ["a", "b"] && read.options.after == [3, 7])
    let error = ErrorResponse(SpecError(key: "seed", value: "x", allowed: "give an integer"))
    #expect(try JSON.decode(ErrorResponse.self, from: try JSON.encode(error)) == error)
  }
}
