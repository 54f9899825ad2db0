import PairAPI
import PairCore
import PairStore
import Testing

@testable import PairServer

@Suite("Reuse and audits over the API")
struct AuditRouteTests {
  @Test("The same grid again is answered as done, and its progress at once; forced it is trained")
  func reuse() async throws {
    let api = try RouterFixture()
    let first = try await api.submit(#","seed":[1,2]"#)
    #expect(first.reused == 0)
    _ = try await api.finished(first.study.id)
    let again = try await api.submit(#","seed":[1,2,3]"#)
    #expect(again.reused == 2 && again.study.counts["succeeded"] == 2)
    #expect(try await api.finished(again.study.id).study.counts == ["succeeded": 3])
    let whole = try await api.submit(#","seed":[1,2,3]"#)
    let query = ProgressQuery(after: "an old version", timeoutSeconds: 60, intervalSeconds: 30)
    let progress: ProgressResponse = try await api.get(.progress(study: whole.study.id), query.queryItems).decode()
    #expect(whole.reused == 3 && progress.isDone)
    let forced: SubmitResponse = try await api.post(
      .studies,
      #"{"grid":{"dataset":["synthetic"],"train_pairs":[50],"test_pairs":[20],"epochs":[2]},"force":true}"#
    ).decode()
    #expect(forced.reused == 0)
    #expect(try await api.finished(forced.study.id).study.counts == ["succeeded": 1])
    let job: JobResponse = try await api.get(.job(forced.firstJob)).decode()
    #expect(job.job.isForced && job.job.attempts == 1 && job.job.reusedFrom == nil)
    let jobs: JobsResponse = try await api.get(.results, [QueryItem("study", "3")]).decode()
    #expect(jobs.jobs.map(\.reusedFrom) == [5, 2, 1] && jobs.jobs.allSatisfy { $0.result != nil })
  }

  @Test("Waiting jobs of one digest all have its result once it is trained, and whoever waits for them is told")
  func settled() async throws {
    let api = try RouterFixture(isOpen: false)
    let studies = [try await api.submit(), try await api.submit(), try await api.submit()]
    api.gate.open()
    for study in studies {
      #expect(try await api.finished(study.study.id).study.counts == ["succeeded": 1])
    }
    let jobs: JobsResponse = try await api.get(.jobs).decode()
    #expect(jobs.jobs.map(\.reusedFrom) == [1, 1, nil])
  }

  @Test("An audit trains results again and finds them the same")
  func audit() async throws {
    let api = try RouterFixture()
    _ = try await api.finished(try await api.submit(#","seed":[1,2,3,4]"#).study.id)
    let answer: AuditResponse = try await api.post(.audits, #"{"sample":"50%","seed":1,"name":"check"}"#).decode()
    #expect(answer.candidates == 4 && answer.skipped.isEmpty && answer.report.study.name == "check")
    _ = try await api.finished(answer.report.study.id)
    let report: AuditReport = try await api.get(.audit(study: answer.report.study.id)).decode()
    #expect(report.equal == 2 && report.different.isEmpty && report.left == 0)
    #expect(try await api.get(.audit(study: 1)).status == 404)
    #expect(try await api.get(.audit(study: 99)).status == 404)
  }

  @Test(
    "An audit that cannot be is refused",
    arguments: [
      (#"{"sample":"0%","seed":1}"#, 400), (#"{"sample":2,"seed":1}"#, 400), (#"{"sample":"1","seed":-1}"#, 400),
      (#"{"sample":"1"}"#, 400), (#"{"sample":"1","seed":1,"study":1}"#, 400), (#"{"sample":"1","seed":1}"#, 404),
    ])
  func refused(body: String, status: Int) async throws {
    #expect(try await RouterFixture().post(.audits, body).status == status)
  }

  @Test("What an audit cannot repeat is counted and named, reason by reason")
  func choice() {
    func origin(_ dataset: String, _ digest: String, _ version: Int, _ jobs: Int) -> ResultOrigin {
      ResultOrigin(dataset: dataset, datasetDigest: digest, numericsVersion: version, jobs: jobs)
    }
    let choice = AuditChoice(
      of: [
        origin("a", "1", 2, 5), origin("a", "2", 2, 6), origin("b", "1", 2, 7), origin("a", "1", 1, 8),
        origin("b", "1", 1, 9),
      ],
      numericsVersion: 2
    ) { $0 == "a" ? "1" : nil }
    #expect(choice.candidates == 5 && choice.datasetDigests == ["a": "1"])
    #expect(
      choice.skipped == [
        AuditSkip(jobs: 6, reason: "on other files of dataset 'a' than are here"),
        AuditSkip(jobs: 7, reason: "on dataset 'b', which is not here"),
        AuditSkip(jobs: 17, reason: "of numerics version 1, where this engine has 2"),
      ])
  }

  @Test("A reproduction whose jobs have all been trained is done when it is submitted, unless it is asked for again")
  func reproduction() async throws {
    let api = try RouterFixture()
    let plan = #""protocol":"report","dataset":"synthetic","epochs":1,"train_pairs":50,"test_pairs":20"#
    func start(_ more: String) async throws -> ReproductionResponse {
      try await api.post(.reproductions, "{\(plan),\(more)}").decode()
    }
    func done(_ answer: ReproductionResponse) async throws -> ReproductionResponse {
      _ = try await api.finished(answer.reproduction.gridStudy)
      while true {
        let now: ReproductionResponse = try await api.get(.reproduction(answer.reproduction.id)).decode()
        guard let runs = now.reproduction.runsStudy else { continue }
        _ = try await api.finished(runs)
        return try await api.get(.reproduction(answer.reproduction.id)).decode()
      }
    }
    let first = try await done(start(#""runs":3"#))
    #expect(first.state == .done && !first.remarks.contains { $0.contains("trained before") })
    // Two of the three runs of each model are there already, and the whole grid.
    let second = try await start(#""runs":2"#)
    #expect(second.state == .done && second.trainingSeconds == 0 && second.reproduction.id == 2)
    #expect(second.remarks.contains { $0.hasPrefix("48 of the 48 jobs had been trained before") })
    #expect(second.rows.map(\.n) == [2, 2, 2, 2])
    let again = try await done(start(#""runs":2,"again":true"#))
    #expect(again.reproduction.id == 3 && !again.remarks.contains { $0.contains("trained before") })
    #expect(again.rows.map(\.mean) == second.rows.map(\.mean))
  }
}
