import HTTPTypes
import PairAPI
import PairCore
import Testing

@testable import PairServer

@Suite("Bodies that are not what they should be")
struct BadBodyTests {
  @Test(
    "The answer names what is wrong, and nothing is written",
    arguments: [
      (#"{"grid":{"seed":[1]},"grid":{"seed":[2]}}"#, "grid"),
      (#"{"grid":{"dataset":["synthetic"],"seed":[1],"se\u0065d":[2]}}"#, "seed"),
      (#"{"jobs":[{"seed":1,"seed":1}]}"#, "seed"),
      (String(repeating: "[", count: 100_000), "body"),
      (String(repeating: #"{"a":"#, count: 100_000), "body"),
      (#"{"grid":{"seed":[1e999]}}"#, "grid.seed[0]"),
      (#"{"grid":{"seed":[9223372036854775808]}}"#, "seed"),
      (#"{"grid":{"seed":[-1]}}"#, "seed"),
      (#"{"grid":{"seed":[1.5]}}"#, "seed"),
      (#"{"grid":{"epochs":[true]}}"#, "epochs"),
      (#"{"grid":{"model":[null]}}"#, "grid.model[0]"),
      (#"{"grid":{"learning_rate":[0]}}"#, "learning_rate"),
      (#"{"grid":{"dataset":["a\u0000b"]}}"#, "dataset"),
      (#"{"name":"a\u0000b","grid":{"dataset":["synthetic"]}}"#, "name"),
      (#"{"name":7,"grid":{}}"#, "name"),
      (#"{"jobs":[]}"#, "jobs"),
      (#"{"jobs":[{}],"grid":{}}"#, "grid"),
      (#"{"jobs":[{"sed":1}]}"#, "sed"),
      (#"{"":1}"#, "\"\""),
      (#"{"":1,"":1}"#, "\"\""),
      (#"{"grid":{"":[1]}}"#, "\"\""),
      ("\u{FEFF}{}", "grid"),
      ("nul", "body"),
      ("{} {}", "body"),
    ])
  func submissions(body: String, key: String) async throws {
    try await refuse(Array(body.utf8), key: key)
  }

  @Test(
    "Bytes that are not UTF-8 are refused",
    arguments: [[0xFF], [0x22, 0xC3, 0x22], [0x7B, 0x22, 0xED, 0xA0, 0x80, 0x22, 0x3A, 0x31, 0x7D]])
  func notUTF8(body: [UInt8]) async throws {
    try await refuse(body, key: "body")
  }

  @Test("A grid of more cells than the limit is refused before a cell is made")
  func largeGrid() async throws {
    let seeds = (1...1_001).map(String.init).joined(separator: ",")
    let epochs = (1...1_000).map(String.init).joined(separator: ",")
    try await refuse(Array(#"{"grid":{"epochs":[\#(epochs)],"seed":[\#(seeds)]}}"#.utf8), key: "seed", status: 422)
  }

  private func refuse(_ body: [UInt8], key: String, status: Int = 400) async throws {
    let api = try RouterFixture()
    let answer = try await api.send(.post, Route.studies.path, body: body)
    #expect(answer.status == status)
    #expect(try answer.error.key == key)
    #expect(try await api.get(.studies).decode(StudiesResponse.self).studies.isEmpty)
  }

  @Test(
    "A body's type is JSON in UTF-8, whatever the spelling, or is refused",
    arguments: [
      ("application/json", 200), ("Application/JSON; charset=UTF-8", 200), ("application/json;charset=\"utf-8\"", 200),
      ("application/x-www-form-urlencoded", 415), ("application/json; charset=latin1", 415), ("", 415),
    ])
  func contentType(type: String, status: Int) async throws {
    let answer = try await RouterFixture().send(
      .post, Route.sql.path, body: Array(#"{"sql":"SELECT 1"}"#.utf8), headers: [.contentType: type])
    #expect(answer.status == status)
  }

  @Test("A list longer than a portion is one list, in order, and as long as was asked for")
  func portions() async throws {
    let api = try RouterFixture(isOpen: false)
    _ = try await api.submit(#","seed":[\#((1...1_000).map(String.init).joined(separator: ","))]"#)
    for (limit, order) in [(1, "oldest"), (200, "oldest"), (201, "newest"), (999, "oldest"), (5_000, "newest")] {
      let answer: JobsResponse = try await api.send(.get, "/v1/jobs?limit=\(limit)&order=\(order)").decode()
      let ids = Array((order == "oldest" ? Array(1...1_000) : (1...1_000).reversed()).prefix(limit))
      #expect(answer.jobs.map(\.id) == ids.map(Int64.init))
    }
    let running: JobsResponse = try await api.send(.get, "/v1/jobs?limit=5000&after=500&state=queued").decode()
    #expect(running.jobs.count <= 499 && running.jobs.allSatisfy { $0.id < 500 })
    api.gate.open()
    await api.scheduler.drain()
  }
}
