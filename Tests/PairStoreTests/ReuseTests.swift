import GRDB
import PairCore
import StoreTesting
import Testing

@testable import PairStore

@Suite("Results that are there are not trained again")
struct ReuseTests {
  let directory: TemporaryDirectory
  let store: Store

  init() throws {
    directory = try TemporaryDirectory()
    store = try directory.open()
  }

  /// Claims and finishes until nothing is left, each with an accuracy of its own; returns what was trained.
  @discardableResult
  private func trainAll() throws -> [Int64] {
    var trained: [Int64] = []
    while let job = try store.run(testAccuracy: 0.5 + Double(trained.count) / 100) { trained.append(job.id) }
    return trained
  }

  @Test("The same grid again is answered at once: every job has succeeded with the result of the first")
  func again() throws {
    try store.submit(test: specs(seeds: 1...3))
    #expect(try trainAll() == [1, 2, 3])
    let again = try store.submit(test: specs(seeds: 1...3))
    #expect(again.reused == 3 && again.study.counts == ["succeeded": 3])
    #expect(try store.study(2)?.counts == ["succeeded": 3])
    #expect(try store.claim(by: 1) == nil)
    for (first, second) in zip(1...3, again.jobs) {
      let (old, new) = (try #require(try store.job(Int64(first))), try #require(try store.job(second)))
      #expect(new.state == .succeeded && new.reusedFrom == old.id && new.attempts == 0 && new.startedAt == nil)
      #expect(new.result == old.result && new.durationSeconds == old.durationSeconds && new.epochsDone == 2)
      #expect(new.finishedAt == again.study.submittedAt)
      #expect(try store.epochs(of: second) == store.epochs(of: old.id))
      #expect(try store.provenance(of: second)?.attempts == store.provenance(of: old.id)?.attempts)
    }
  }

  @Test("A new value of an axis trains only its cells, and the order of the grid stays")
  func newValue() throws {
    try store.submit(test: specs(seeds: 2...3))
    try trainAll()
    let wider = try store.submit(test: specs(seeds: 1...4))
    #expect(wider.study.counts == ["succeeded": 2, "queued": 2] && wider.reused == 2)
    #expect(try store.jobs(matching: JobFilter(study: 2)).map(\.spec.seed) == [4, 3, 2, 1])
    #expect(try trainAll() == [3, 6])
  }

  @Test("Forced jobs are trained, and later ones reuse the first result")
  func forced() throws {
    let specs = try specs(seeds: 1...2)
    try store.submit(test: specs)
    try trainAll()
    let forced = try store.submit(
      specs, datasetDigests: testDigests(of: specs), options: .init(validating: .normal, isForced: true))
    #expect(forced.reused == 0 && forced.study.counts == ["queued": 2])
    #expect(try trainAll() == [3, 4])
    #expect(try store.job(3)?.isForced == true)
    try store.submit(test: specs)
    #expect(try store.jobs(matching: JobFilter(study: 3)).map(\.reusedFrom) == [2, 1])
  }

  @Test("What did not succeed is trained again, as are other bytes of a dataset and another numerics version")
  func noResult() throws {
    try store.submit(test: specs(seeds: 1...4))
    try store.run()
    for outcome in [JobOutcome.failed(reason: "a test"), .diverged(epoch: 1)] {
      try store.finish(try #require(try store.claim(by: 1)).attempt, with: outcome, after: .zero)
    }
    _ = try store.cancel(JobFilter(jobs: [4]), because: "a test")
    #expect(try store.submit(test: specs(seeds: 1...4)).reused == 1)
    let bytes = ["mnist": String(repeating: "0", count: 64)]
    #expect(try store.submit(specs(seeds: 1...1), datasetDigests: bytes).reused == 0)
    try store.close()
    // The lock is the old store's as long as it lives.
    let other = try TemporaryDirectory()
    try copyDatabase(from: directory, to: other)
    let newer = try other.open(numericsVersion: 2)
    #expect(try newer.submit(test: specs(seeds: 1...1)).reused == 0)
  }

  @Test("A job that waited while its digest was trained gets that result when it would be claimed")
  func atClaim() throws {
    for _ in 1...3 { try store.submit(test: specs(seeds: 1...2)) }
    #expect(try trainAll() == [1, 2])
    #expect(try store.counts()[.succeeded] == 6)
    #expect(try store.jobs().map(\.reusedFrom) == [2, 1, 2, 1, nil, nil])
    #expect(try store.jobs().allSatisfy { $0.attempts == ($0.reusedFrom == nil ? 1 : 0) })
  }

  @Test("While a digest is trained, another job of it waits and the next one is claimed")
  func whileRunning() throws {
    let spec = try specs(seeds: 1...1)
    try store.submit(test: spec + spec + specs(seeds: 2...2))
    let first = try #require(try store.claim(by: 1))
    #expect(try store.claim(by: 2)?.id == 3)
    #expect(try store.claim(by: 3) == nil)
    try store.requeue(first.attempt)
    #expect(try store.claim(by: 1)?.id == 1)
    try store.finish(Attempt(job: 1, number: 2), with: .failed(reason: "a test"), after: .zero)
    #expect(try store.claim(by: 1)?.id == 2)
  }

  @Test("More jobs than one transaction settles are settled, and the studies that they are of are told")
  func many() throws {
    let spec = try specs(seeds: 1...1)
    try store.submit(test: spec)
    try store.submit(test: Array(repeating: spec[0], count: 2 * Store.settledMax + 1))
    try store.submit(test: specs(seeds: 2...2))
    try store.run()
    let assignment = try store.assign(to: 1)
    #expect(assignment.job?.spec.seed == 2 && assignment.settled == [2])
    #expect(try store.study(2)?.counts == ["succeeded": 2 * Store.settledMax + 1])
  }

  @Test("Tables count a digest once, whoever lists it")
  func tables() throws {
    try store.submit(test: specs(seeds: 1...3))
    try trainAll()
    try store.submit(test: specs(seeds: 1...3))
    let all = try #require(try store.aggregate().rows.first)
    #expect(all.n == 3 && all.jobs == [1, 2, 3] && all.others == ["repeated": 3])
    // The study that reused everything shows the same figures for itself.
    let second = try #require(try store.aggregate(JobFilter(study: 2)).rows.first)
    #expect(second.n == 3 && second.mean == all.mean && second.jobs == [4, 5, 6] && second.others.isEmpty)
    let seconds = try #require(try store.aggregate(JobFilter(study: 2), metric: .durationSeconds).rows.first)
    #expect(seconds.n == 3 && seconds.mean == 1.5)
    let curve = try #require(try store.curves(JobFilter(study: 2)).curves.first)
    #expect(curve.runs == 3 && curve.epochs.map(\.n) == [3, 3])
    let curves = try #require(try store.curves().curves.first)
    #expect(curves.runs == 3 && curves.others == ["repeated": 3])
    let runs = try store.runs(ofSetting: JobFilter(study: 2), named: "again", metric: .testAccuracy)
    #expect(runs.values == [1: 0.5, 2: 0.51, 3: 0.52] && runs.jobs == [4, 5, 6])
    let rows = try store.query(
      "SELECT job, reused_from, attempts, started_at FROM results ORDER BY job", rowsMax: 10, secondsMax: 10)
    #expect(rows.rows.map { $0[1] } == [.null, .null, .null, .integer(1), .integer(2), .integer(3)])
    #expect(rows.rows[0][3] == rows.rows[3][3] && rows.rows[3][2] == .integer(1))
  }

  @Test("A trained result is found through its index, however long the history")
  func plan() throws {
    let plan = try store.pool.read { database in
      try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(TrainedJobs.sql)", arguments: [""]).map { $0[3] as String }
    }
    #expect(plan.count == 1 && plan[0].contains("jobs_trained"), "\(plan)")
  }
}
