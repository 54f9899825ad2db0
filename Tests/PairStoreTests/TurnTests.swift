import GRDB
import PairCore
import StoreTesting
import Testing

@testable import PairStore

/// Which job a worker takes next.
@Suite struct TurnTests {
  let directory: TemporaryDirectory
  let store: Store

  init() throws {
    directory = try TemporaryDirectory()
    store = try directory.open()
  }

  @discardableResult
  private func submit(
    _ count: Int64, _ priority: Priority = .normal, after: [Int64] = [], workers: Int? = nil
  ) throws -> Submission {
    // Seeds of its own, so that no job waits for another's result.
    let first = try store.counts().values.reduce(1) { $0 + Int64($1) }
    let specs = try specs(seeds: first...first + count - 1, epochs: 1)
    return try store.submit(
      specs, datasetDigests: testDigests(of: specs),
      options: StudyOptions(validating: priority, after: after, workersMax: workers))
  }

  /// The ids of the jobs that workers from `first` on take, until one finds nothing.
  private func claims(from first: Int = 1, atMost: Int = 100) throws -> [Int64] {
    var ids: [Int64] = []
    while ids.count < atMost, let job = try store.claim(by: first + ids.count) { ids.append(job.id) }
    return ids
  }

  private func end(_ job: Int64) throws {
    let attempts = try #require(try store.job(job)).attempts
    try store.finish(Attempt(job: job, number: attempts), with: .failed(reason: "a test"), after: .zero)
  }

  @Test("The highest priority goes first, and of equals what was submitted first")
  func priority() throws {
    try submit(2, .low)
    try submit(2)
    try submit(2, .urgent)
    try submit(2, .high)
    try submit(1)
    #expect(try claims() == [5, 6, 7, 8, 3, 4, 9, 1, 2])
    #expect(try store.job(5)?.priority == .urgent)
  }

  @Test("Another priority puts waiting jobs elsewhere, and says which it changed")
  func changedPriority() throws {
    try submit(4)
    let running = try #require(try store.claim(by: 1))
    #expect(try store.prioritise(JobFilter(jobs: [1, 3, 4]), as: .high) == [1, 3, 4])
    #expect(try store.prioritise(JobFilter(jobs: [3, 4]), as: .high) == [])
    #expect(try store.prioritise(JobFilter(jobs: [4], states: [.running]), as: .urgent) == [])
    #expect(try claims(from: 2) == [3, 4, 2])
    try store.finish(running.attempt, with: .failed(reason: "a test"), after: .zero)
    #expect(try store.prioritise(JobFilter(study: 1), as: .low) == [2, 3, 4])
    #expect(try store.jobs(matching: JobFilter(priorities: [.high])).map(\.id) == [1])
  }

  @Test("A study has no more jobs running than it asked for, and others go past it", arguments: 1...3)
  func limit(workers: Int) throws {
    try submit(50, .high, workers: workers)
    try submit(3)
    let first = try claims()
    #expect(first == Array(1...Int64(workers)) + [51, 52, 53])
    try end(1)
    #expect(try claims(from: 20) == [Int64(workers + 1)])
  }

  @Test("A study waits until every job of the studies before it has ended, however it did")
  func dependencies() throws {
    try submit(1)
    try submit(2)
    try submit(2, .urgent, after: [1, 2])
    try submit(1, after: [3])
    #expect(try claims() == [1, 2, 3])
    #expect(try store.claim(by: 9) == nil)
    try end(1)
    try end(2)
    #expect(try store.claim(by: 9) == nil)
    _ = try store.cancel(JobFilter(jobs: [3]), because: "a test")
    #expect(try claims(from: 9) == [4, 5])
    try end(4)
    #expect(try store.claim(by: 12) == nil)
    try end(5)
    #expect(try claims(from: 12) == [6])
  }

  @Test("A paused job keeps those waiting that come after its study")
  func pausedDependency() throws {
    try submit(1)
    try submit(1, after: [1])
    #expect(try store.pause(JobFilter(jobs: [1])) == Pausing(paused: [1], running: []))
    #expect(try claims() == [])
    _ = try store.cancel(JobFilter(jobs: [1]), because: "a test")
    #expect(try claims() == [2])
  }

  @Test("A submission that comes after a study that there is not is refused, all of it", arguments: [[2], [1, 99]])
  func unknownDependency(after: [Int64]) throws {
    try submit(1)
    let error = #expect(throws: StoreError.self) { try submit(3, after: after) }
    guard case .refused(let refusal) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(refusal.key == "after" && refusal.value == String(after.last!))
    #expect(try store.studies().count == 1 && store.counts()[.queued] == 1)
  }

  @Test("Nobody takes a job from a paused queue, also after a restart, until it is resumed")
  func pausedQueue() throws {
    try submit(2)
    _ = try store.claim(by: 1)
    try store.pauseQueue()
    let since = try #require(try store.queuePausedAt())
    #expect(try claims(from: 2) == [])
    try store.pauseQueue()
    try store.close()
    let other = try TemporaryDirectory()
    try copyDatabase(from: directory, to: other)
    let restarted = try other.open()
    #expect(try restarted.recover().requeued == [1])
    #expect(try restarted.queuePausedAt() == since && restarted.claim(by: 1) == nil)
    try restarted.resumeQueue()
    #expect(try restarted.queuePausedAt() == nil && restarted.claim(by: 1)?.id == 1)
  }

  @Test("A job that ran twice when the daemon died runs alone, after the others of its priority")
  func suspects() throws {
    try submit(5)
    try submit(1, .low)
    for _ in 1...2 {
      #expect(try claims(atMost: 2) == [1, 2])
      #expect(try store.recover().requeued == [1, 2])
    }
    #expect(try store.job(1)?.crashes == 2)
    // Neither of the two, nor what has a lower priority, before the others have ended.
    #expect(try claims() == [3, 4, 5])
    try end(3)
    try end(4)
    #expect(try store.claim(by: 8) == nil)
    try end(5)
    #expect(try claims() == [1])
    try end(1)
    #expect(try claims() == [2])
    try end(2)
    #expect(try claims() == [6])
  }

  @Test("The third death sets the job aside as failed with the reason, and a retry forgets them", arguments: [1, 3, 5])
  func setAside(limit: Int) throws {
    try store.close()
    let other = try TemporaryDirectory()
    let store = try Store(in: StateDirectory(locking: other.path), provenance: .test(), crashLimit: limit)
    try store.submit(test: specs(seeds: 1...2))
    for crash in 1..<limit {
      _ = try store.claim(by: 1)
      if crash == 1 { _ = try store.requeue(#require(try store.claim(by: 2)).attempt) }
      #expect(try store.recover() == Recovery(requeued: [1], setAside: [], redigested: 0))
      // The other job goes first now.
      if crash == limit - 1 { _ = try store.cancel(JobFilter(jobs: [2]), because: "a test") }
    }
    let last = try #require(try store.claim(by: 1))
    try store.append([EpochMetrics(test: 1)], to: last.attempt)
    #expect(try store.recover() == Recovery(requeued: [], setAside: [1], redigested: 0))
    let job = try #require(try store.job(1))
    #expect(job.state == .failed && job.crashes == limit && job.attempts == limit)
    #expect(
      job.reason == "pairnetd died \(limit == 1 ? "once" : "\(limit) times") while this job ran, so that it was set "
        + "aside; 'pairnetctl retry 1' tries it again")
    #expect(try store.retry(JobFilter(jobs: [1])) == [1])
    #expect(try store.job(1)?.crashes == 0 && store.job(1)?.epochsDone == 0)
    try store.close()
  }

  @Test("Without a limit no job is set aside, and none runs alone")
  func noLimit() throws {
    try store.close()
    let other = try TemporaryDirectory()
    let store = try Store(in: StateDirectory(locking: other.path), provenance: .test(), crashLimit: 0)
    try store.submit(test: specs(seeds: 1...2))
    for _ in 1...5 {
      for worker in 1...2 { _ = try store.claim(by: worker) }
      #expect(try store.recover().requeued == [1, 2])
    }
    try store.close()
  }

  @Test("What a claim asks is read from an index, never by walking a table")
  func plans() throws {
    try submit(3)
    try store.pool.read { database in
      let questions: [(sql: String, arguments: StatementArguments)] = [
        (Turn.queuedJob, [1, 0]), (Turn.studyWaits, [1]), (Turn.lastQueued, [1]),
      ]
      for (sql, arguments) in questions {
        let plan = try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(sql)", arguments: arguments).map {
          $0["detail"] as String
        }
        #expect(plan.allSatisfy { !$0.hasPrefix("SCAN") && !$0.contains("TEMP B-TREE") }, "\(plan)")
        if sql == Turn.queuedJob {
          #expect(plan.contains { $0.contains("jobs_waiting (priority=? AND id>?)") }, "\(plan)")
        }
      }
    }
  }
}
