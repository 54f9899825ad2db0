import GRDB
import PairCore
import StoreTesting
import Testing

@testable import PairStore

/// What people ask of jobs, as the store does it.
@Suite struct ControlTests {
  let directory: TemporaryDirectory
  let store: Store

  /// Job 1 succeeded, 2 failed after an epoch, 3 diverged, 4 is cancelled, 5 runs with an epoch, 6 is paused, 7 waits.
  init() throws {
    directory = try TemporaryDirectory()
    store = try directory.open()
    let specs = try specs(seeds: 1...7)
    _ = try store.submit(
      specs, named: "tuning", datasetDigests: testDigests(of: specs),
      options: StudyOptions(validating: .high, labels: ["nightly", "a b"], workersMax: 3, timeLimitSeconds: 90))
    try store.run()
    let failing = try #require(try store.claim(by: 1))
    try store.append([EpochMetrics(test: 1)], to: failing.attempt)
    try store.finish(failing.attempt, with: .failed(reason: "no memory"), after: .seconds(1))
    try store.finish(#require(try store.claim(by: 1)).attempt, with: .diverged(epoch: 1), after: .seconds(1))
    _ = try store.cancel(JobFilter(jobs: [4]), because: "a test")
    let running = try #require(try store.claim(by: 1))
    try store.append([EpochMetrics(test: 1)], to: running.attempt)
    _ = try store.pause(JobFilter(jobs: [6]))
  }

  static let states: [JobState] = [.succeeded, .failed, .diverged, .cancelled, .running, .paused, .queued]

  private func states() throws -> [JobState] { try store.jobs(page: Page(.oldestFirst)).map(\.state) }

  @Test("A claimed job knows its priority and its time limit, and a study what it asked for")
  func asked() throws {
    #expect(try states() == Self.states)
    let job = try #require(try store.claim(by: 2))
    #expect(job.id == 7 && job.priority == .high && job.timeLimitSeconds == 90)
    let study = try #require(try store.study(1))
    #expect(study.labels == ["a b", "nightly"] && study.workersMax == 3 && study.timeLimitSeconds == 90)
    #expect(study.after == [])
  }

  @Test("Each verb changes just the jobs in the states that it is for")
  func verbs() throws {
    #expect(try store.resume(JobFilter(study: 1)) == [6])
    #expect(try store.pause(JobFilter(study: 1)) == Pausing(paused: [6, 7], running: [Attempt(job: 5, number: 1)]))
    #expect(try store.retry(JobFilter(study: 1)) == [2, 3, 4])
    #expect(try states() == [.succeeded, .queued, .queued, .queued, .running, .paused, .paused])
    #expect(try store.prioritise(JobFilter(study: 1), as: .low) == [2, 3, 4, 5, 6, 7])
    #expect(try store.cancel(JobFilter(study: 1), because: "a test").jobs == [2, 3, 4, 5, 6, 7])
    #expect(try store.cancel(JobFilter(study: 1), because: "a test").jobs == [])
  }

  @Test("States in the filter narrow what a verb does")
  func narrowed() throws {
    #expect(try store.retry(JobFilter(states: [.failed, .queued])) == [2])
    #expect(
      try store.pause(JobFilter(states: [.running])) == Pausing(paused: [], running: [Attempt(job: 5, number: 1)]))
    #expect(try store.resume(JobFilter(states: [.queued])) == [])
    #expect(try store.cancel(JobFilter(states: [.paused]), because: "a test").jobs == [6])
  }

  @Test("A retried job starts anew, and ends as if it were new")
  func retried() throws {
    #expect(try store.job(2)?.epochsDone == 1)
    #expect(try store.retry(JobFilter(jobs: [2])) == [2])
    let queued = try #require(try store.job(2))
    #expect(queued.state == .queued && queued.epochsDone == 0 && queued.reason == nil && queued.finishedAt == nil)
    #expect(queued.durationSeconds == nil && queued.startedAt == nil && queued.attempts == 1)
    #expect(try store.run(by: 2)?.attempt == Attempt(job: 2, number: 2))
    #expect(try store.job(2)?.state == .succeeded)
    #expect(try store.provenance(of: 2)?.attempts.map(\.ending) == ["failed", "succeeded"])
  }

  @Test("A running job that is paused has no worker and no epochs, and its attempt is closed as paused")
  func pausedWhileRunning() throws {
    let attempt = Attempt(job: 5, number: 1)
    try store.requeue(attempt, as: .paused)
    let job = try #require(try store.job(5))
    #expect(job.state == .paused && job.worker == nil && job.startedAt == nil && job.epochsDone == 0)
    #expect(try store.provenance(of: 5)?.attempts.map(\.ending) == ["paused"])
    #expect(throws: StoreError.superseded(attempt)) { try store.append([EpochMetrics(test: 1)], to: attempt) }
    #expect(try store.recover().requeued == [])
    #expect(try store.resume(JobFilter(jobs: [5])) == [5])
    #expect(try store.claim(by: 1)?.attempt == Attempt(job: 5, number: 2))
  }

  @Test("A preempted job goes back to the queue, and its attempt says why")
  func preempted() throws {
    try store.requeue(Attempt(job: 5, number: 1), as: .preempted)
    #expect(try store.job(5)?.state == .queued)
    #expect(try store.provenance(of: 5)?.attempts.map(\.ending) == ["preempted"])
  }

  @Test("What waits or is retried gets the digest of the version that will train it")
  func redigested() throws {
    try store.close()
    let other = try TemporaryDirectory()
    try copyDatabase(from: directory, to: other)
    let updated = try other.open(numericsVersion: 2)
    // Job 5 ran, 6 is paused, 7 waits.
    #expect(try updated.recover().redigested == 3)
    #expect(try updated.retry(JobFilter(jobs: [2, 3])) == [2, 3])
    let digest = String(repeating: "da", count: 32)
    for job in try updated.jobs() {
      let version = [1, 4].contains(job.id) ? 1 : 2
      #expect(job.specDigest == job.spec.digest(datasetDigest: digest, numericsVersion: version), "\(job.id)")
    }
  }

  @Test("Jobs are found by the labels and priorities that they have")
  func found() throws {
    try store.submit(test: specs(seeds: 1...1))
    #expect(try store.jobs(matching: JobFilter(labels: ["nightly", "none"])).count == 7)
    #expect(try store.jobs(matching: JobFilter(labels: ["none"])).isEmpty)
    #expect(try store.jobs(matching: JobFilter(priorities: [.normal, .low])).map(\.id) == [8])
    #expect(
      try store.jobs(matching: JobFilter(labels: ["a b"], states: [.queued], priorities: [.high])).map(\.id) == [7])
  }

  @Test("A job that shares a result shows it, with its epochs, its duration and what trained it")
  func reused() throws {
    try store.pool.write {
      try $0.execute(
        sql: """
          UPDATE jobs SET state = 'succeeded', reused_from = 1, finished_at = submitted_at, spec_digest =
            (SELECT spec_digest FROM jobs WHERE id = 1) WHERE id = 7
          """)
    }
    let (trained, reusing) = (try #require(try store.job(1)), try #require(try store.job(7)))
    #expect(reusing.result == trained.result && reusing.result != nil && reusing.reusedFrom == 1)
    #expect(reusing.durationSeconds == 1.5 && reusing.epochsDone == 2 && reusing.attempts == 0)
    #expect(try store.epochs(of: 7) == store.epochs(of: 1))
    #expect(try store.provenance(of: 7)?.attempts == store.provenance(of: 1)?.attempts)
    #expect(try store.aggregate(JobFilter(jobs: [7]), metric: .durationSeconds).rows.map(\.mean) == [1.5])
    #expect(try store.aggregate(JobFilter(jobs: [7])).rows.map(\.jobs) == [[7]])
    #expect(try store.curves(JobFilter(jobs: [7])).curves.map(\.runs) == [1])
    #expect(try store.runs(ofSetting: JobFilter(jobs: [7]), named: "a", metric: .testAccuracy).values == [7: 0.5])
    let rows = try store.query("SELECT job, reused_from, attempts FROM results ORDER BY job", rowsMax: 9, secondsMax: 9)
    #expect(rows.rows == [[.integer(1), .null, .integer(1)], [.integer(7), .integer(1), .integer(1)]])
  }
}
