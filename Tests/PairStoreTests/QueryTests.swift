import GRDB
import PairCore
import StoreTesting
import Testing

@testable import PairStore

@Suite struct QueryTests {
  let directory: TemporaryDirectory
  let store: Store

  /// Study 1 has jobs 1...20 (dropout 0.1), study 2 jobs 21...30 (BaseNetAux): 1 succeeded, 2 runs, 3 and 25 are
  /// cancelled, the others wait.
  init() throws {
    directory = try TemporaryDirectory()
    store = try directory.open()
    try store.submit(test: specs(seeds: 1...20, ["dropout": .number(0.1)]))
    try store.submit(test: specs(seeds: 1...10, ["model": .text("BaseNetAux")]))
    try store.run()
    _ = try store.claim(by: 1)
    _ = try store.cancel(JobFilter(jobs: [3, 25]), because: "a test")
  }

  static let filters: [(JobFilter, [Int64])] = [
    (JobFilter(), Array(1...30)),
    (JobFilter(jobs: [2, 29, 99]), [2, 29]),
    (JobFilter(jobs: []), []),
    (JobFilter(study: 2), Array(21...30)),
    (JobFilter(states: []), []),
    (JobFilter(states: [.succeeded, .running]), [1, 2]),
    (JobFilter(study: 2, states: [.cancelled]), [25]),
    (JobFilter(states: [.cancelled], parameters: ["dropout": [.number(0.1)]]), [3]),
    (JobFilter(parameters: ["seed": [.integer(1), .integer(15)]]), [1, 15, 21]),
    (JobFilter(parameters: ["dropout": [.integer(0)], "seed": (1...3).map { .integer($0) }]), [21, 22, 23]),
    (JobFilter(study: 1, parameters: ["model": [.text("BaseNetAux")]]), []),
    (JobFilter(jobs: [1, 2, 3], states: [.cancelled, .queued]), [3]),
  ]

  @Test("A filter finds the jobs that meet all its conditions, in pages of any size and order", arguments: filters)
  func finds(filter: JobFilter, expected: [Int64]) throws {
    #expect(try store.jobs(matching: filter, page: Page(.oldestFirst)).map(\.id) == expected)
    #expect(try store.jobs(matching: filter, page: Page(.newestFirst)).map(\.id) == expected.reversed())
    for size in [1, 3, 50] {
      for order in [Page.Order.oldestFirst, .newestFirst] {
        var ids: [Int64] = []
        while true {
          let page = try store.jobs(matching: filter, page: Page(order, limit: size, after: ids.last))
          ids += page.map(\.id)
          if page.count < size { break }
        }
        #expect(ids == (order == .oldestFirst ? expected : expected.reversed()))
      }
    }
  }

  @Test(
    "A filter with an unknown parameter or an impossible value is refused",
    arguments: [("colour", ParameterValue.text("red")), ("dropout", .number(1)), ("seed", .flag(true))])
  func refused(key: String, value: ParameterValue) {
    let filter = JobFilter(parameters: [key: [value]])
    let error = #expect(throws: StoreError.self) { try store.jobs(matching: filter) }
    guard case .refused(let refusal) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(refusal.key == key)
    #expect(throws: StoreError.refused(refusal)) { try store.cancel(filter, because: "a test") }
    #expect(throws: StoreError.refused(refusal)) { try store.aggregate(filter) }
  }

  @Test("The counts are those of the jobs, after every kind of change")
  func counts() throws {
    let counts = try store.counts().filter { $0.value > 0 }
    #expect(counts == [.succeeded: 1, .running: 1, .cancelled: 2, .queued: 26])
    #expect(try store.study(1)?.counts == ["succeeded": 1, "running": 1, "cancelled": 1, "queued": 17])
    let counted = try store.pool.read {
      try Row.fetchAll(
        $0,
        sql: """
          SELECT study, state, jobs FROM study_counts WHERE jobs <>
            (SELECT count(*) FROM jobs WHERE jobs.study = study_counts.study AND jobs.state = study_counts.state)
          """)
    }
    #expect(counted.isEmpty)
  }

  @Test("A cancel takes queued and running jobs, names the attempts to stop, and is over the second time")
  func cancel() throws {
    let cancellation = try store.cancel(JobFilter(study: 1), because: "no longer wanted")
    #expect(cancellation.jobs == [2] + Array(4...20))
    #expect(cancellation.running == [Attempt(job: 2, number: 1)])
    #expect(try store.cancel(JobFilter(study: 1), because: "again") == Cancellation(jobs: [], running: []))
    #expect(try store.job(1)?.state == .succeeded)
    let ran = try #require(try store.job(2))
    #expect(ran.state == .cancelled && ran.worker == nil && ran.startedAt != nil && ran.reason == "no longer wanted")
    #expect(try store.job(4)?.startedAt == nil)
    #expect(try store.cancel(JobFilter(states: [.succeeded, .failed]), because: "ended").jobs.isEmpty)
    #expect(try store.cancel(JobFilter(states: [.queued]), because: "ended").jobs == [21, 22, 23, 24] + Array(26...30))
  }

  @Test("What is asked often is read through an index, not by walking the table")
  func plans() throws {
    try store.pool.read { database in
      func plan(_ sql: String, _ arguments: StatementArguments = []) throws -> String {
        try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(sql)", arguments: arguments)
          .map { $0["detail"] }.joined(separator: "\n")
      }
      let claim = try plan("SELECT id FROM jobs WHERE state IN \(Transition.claim.sourceList) ORDER BY id LIMIT 1")
      #expect(claim.contains("USING COVERING INDEX jobs_by_state") && !claim.contains("TEMP B-TREE"))
      for filter in [
        JobFilter(), JobFilter(study: 1), JobFilter(states: [.failed, .queued]),
        JobFilter(study: 1, states: [.queued]),
      ] {
        let query = try JobQuery(filter, page: Page(.newestFirst, limit: 50))
        let text = try plan("SELECT id FROM jobs WHERE \(query.sql)", StatementArguments(query.arguments))
        #expect(!text.contains("TEMP B-TREE FOR ORDER BY"), "\(text)")
        let isScan = text.split(separator: "\n").contains { $0.hasPrefix("SCAN jobs") }
        #expect(isScan == (filter == JobFilter()), "\(text)")
      }
    }
  }

  @Test("Everything about many jobs is what is told of each alone, page by page")
  func details() throws {
    var all: [JobDetails] = []
    while true {
      let page = Page(.oldestFirst, limit: 7, after: all.last?.job.id)
      let details = try store.details(matching: JobFilter(study: 1), page: page)
      all += details
      if details.count < 7 { break }
    }
    #expect(all.map(\.job.id) == Array(1...20))
    #expect(all[0].epochs.count > 0 && all[0].provenance.attempts.count == 1 && all[4].epochs.isEmpty)
    for details in all {
      let id = details.job.id
      let (job, epochs, provenance) = (try store.job(id), try store.epochs(of: id), try store.provenance(of: id))
      #expect(details.job == job && details.epochs == epochs && details.provenance == provenance)
    }
  }

  @Test("An asynchronous caller gets the same answers and errors")
  func perform() async throws {
    #expect(try await store.perform { store throws(StoreError) in try store.job(1)?.id } == 1)
    await #expect(throws: StoreError.superseded(Attempt(job: 1, number: 1))) {
      try await store.perform { store throws(StoreError) in try store.requeue(Attempt(job: 1, number: 1)) }
    }
  }
}
