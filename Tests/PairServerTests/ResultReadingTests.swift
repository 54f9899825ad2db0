import PairAPI
import PairCore
import Testing

@testable import PairServer

@Suite("Comparisons, curves and SQL")
struct ResultReadingTests {
  private func compared(_ api: RouterFixture, _ request: CompareRequest) async throws -> RouterFixture.Answer {
    try await api.post(.compare, String(decoding: try JSON.encode(request), as: UTF8.self))
  }

  private func setting(_ model: String) -> CompareRequest.Setting {
    .init(name: model, filter: JobFilter(parameters: ["model": [.text(model)]]))
  }

  @Test("Settings that share their seeds are compared in pairs")
  func pairs() async throws {
    let api = try RouterFixture()
    let study = try await api.submit(#","seed":[1,2,3,4],"model":["BaseNet","BaseNetWeightShare"]"#).study
    _ = try await api.finished(study.id)
    let request = CompareRequest(
      settings: ["BaseNetWeightShare", "BaseNet"].map(setting), metric: "test_accuracy", halfWidth: 0.005)
    let answer: CompareResponse = try await compared(api, request).decode()
    #expect(answer.settings.map(\.n) == [4, 4] && answer.comparisons.count == 1)
    let comparison = answer.comparisons[0]
    // The fake training's accuracy depends on the seed alone.
    #expect(comparison.paired && comparison.pairs == 4 && comparison.difference == 0)
    #expect(comparison.verdict == "identical" && comparison.improvement == 0.5)
    #expect(comparison.conclusion == "BaseNetWeightShare and BaseNet gave the same value for each of 4 shared seeds.")
    #expect(comparison.tests.count == 3 && comparison.moreSeeds != nil)
  }

  @Test("Three settings make three comparisons, or two against the first")
  func families() async throws {
    let api = try RouterFixture()
    let study = try await api.submit(
      #","seed":[1,2],"model":["BaseNet","BaseNetWeightShare","BaseNetAux"]"#
    ).study
    _ = try await api.finished(study.id)
    let settings = ["BaseNet", "BaseNetWeightShare", "BaseNetAux"].map(setting)
    let all: CompareResponse = try await compared(api, CompareRequest(settings: settings)).decode()
    #expect(all.comparisons.map { [$0.first, $0.second] } == [[0, 1], [0, 2], [1, 2]])
    let first: CompareResponse = try await compared(
      api, CompareRequest(settings: settings, againstFirst: true)
    ).decode()
    #expect(first.comparisons.map { [$0.first, $0.second] } == [[0, 1], [0, 2]])
  }

  @Test("In groups only the settings of a group are compared, and Holm counts all of the comparisons")
  func groups() async throws {
    let api = try RouterFixture()
    let study = try await api.submit(#","seed":[1,2],"dropout":[0,0.5],"batch_norm":[false,true]"#).study
    _ = try await api.finished(study.id)
    let settings = [0, 0.5].flatMap { dropout in
      [true, false].map { batchNorm in
        let values: [String: [ParameterValue]] = ["dropout": [.number(dropout)], "batch_norm": [.flag(batchNorm)]]
        return CompareRequest.Setting(name: "\(batchNorm) \(dropout)", filter: JobFilter(parameters: values))
      }
    }
    let answer: CompareResponse = try await compared(api, CompareRequest(settings: settings, groupsOf: 2)).decode()
    #expect(answer.comparisons.map { [$0.first, $0.second] } == [[0, 1], [2, 3]])
    #expect(answer.remarks == [], "what tells the groups apart is no surprise")
    let refused = try await compared(api, CompareRequest(settings: settings, groupsOf: 3))
    #expect(try refused.status == 422 && refused.error.key == "groups_of")
  }

  @Test("What cannot be compared is refused by name")
  func refusals() async throws {
    let api = try RouterFixture()
    let study = try await api.submit(#","seed":[1,2],"model":["BaseNet","BaseNetWeightShare"]"#).study
    _ = try await api.finished(study.id)
    let several = CompareRequest(settings: [.init(name: "all", filter: JobFilter()), setting("BaseNet")])
    let answer = try await compared(api, several)
    #expect(answer.status == 422)
    #expect(try answer.error.message.contains("differ in model (BaseNet, BaseNetWeightShare)"))
    let twice = try await compared(api, CompareRequest(settings: [setting("BaseNet"), setting("BaseNet")]))
    #expect(try twice.status == 422 && twice.error.message.contains("in common"))
    let alone = try await compared(api, CompareRequest(settings: [setting("BaseNet")]))
    #expect(try alone.status == 400 && alone.error.key == "settings")
    let level = try await compared(
      api, CompareRequest(settings: ["BaseNet", "BaseNetWeightShare"].map(setting), level: 95))
    #expect(try level.status == 400 && level.error.key == "level")
  }

  @Test("Curves are averaged by the daemon")
  func curves() async throws {
    let api = try RouterFixture()
    _ = try await api.finished(try await api.submit(#","seed":[1,2,3]"#).study.id)
    let answer: CurvesResponse = try await api.get(.curves, CurvesQuery(metric: "train_loss").queryItems).decode()
    #expect(answer.curves.map(\.runs) == [3] && answer.curves[0].epochs.map(\.mean) == [1, 0.5])
    let refused = try await api.get(.curves, [QueryItem("metric", "test_errors")])
    #expect(try refused.status == 400 && refused.error.key == "metric")
  }

  @Test("SQL reads, does not write, and leaves a healthy daemon behind")
  func sql() async throws {
    let api = try RouterFixture()
    _ = try await api.finished(try await api.submit(#","seed":[1,2,3]"#).study.id)
    func ask(_ request: SQLRequest) async throws -> RouterFixture.Answer {
      try await api.post(.sql, String(decoding: try JSON.encode(request), as: UTF8.self))
    }
    let answer: SQLResponse = try await ask(SQLRequest("SELECT count(*) AS n, NULL FROM results")).decode()
    #expect(answer.columns == ["n", "NULL"] && answer.rows == [[.integer(3), .null]] && answer.cut == nil)
    #expect(try await ask(SQLRequest("DELETE FROM jobs")).status == 422)
    #expect(try await ask(SQLRequest("ATTACH '/tmp/x.db' AS x")).status == 422)
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    let stopped = try await ask(SQLRequest(endless, secondsMax: 0.1))
    #expect(try stopped.status == 422 && stopped.error.message.contains("stopped after 0.1 s"))
    #expect(try await api.get(.health).status == 200)
    #expect(try await api.post(.sql, #"{"sql":"SELECT 1","rows_max":0}"#).status == 400)
  }
}
