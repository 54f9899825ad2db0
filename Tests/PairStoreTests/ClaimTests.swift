import Dispatch
import GRDB
import PairCore
import StoreTesting
import Synchronization
import Testing

@testable import PairStore

@Suite struct ClaimTests {
  let directory: TemporaryDirectory
  let store: Store

  init() throws {
    directory = try TemporaryDirectory()
    store = try directory.open()
  }

  @Test("A job is never claimed twice, and the oldest goes first", arguments: 1...8)
  func claimsOnce(workers: Int) throws {
    let submission = try store.submit(test: specs(seeds: 1...60))
    let claimed = Mutex<[Int64]>([])
    DispatchQueue.concurrentPerform(iterations: workers) { index in
      while true {
        do {
          guard let job = try store.claim(by: index + 1) else { return }
          claimed.withLock { $0.append(job.id) }
          try store.finish(job.attempt, with: .failed(reason: "a test"), after: .zero)
        } catch {
          Issue.record(error)
          return
        }
      }
    }
    let ids = claimed.withLock { $0 }
    #expect(ids.sorted() == Array(submission.jobs))
    if workers == 1 { #expect(ids == Array(submission.jobs)) }
    #expect(try store.counts()[.failed] == 60)
  }

  @Test("A claimed job says all that a worker needs")
  func claimedJob() throws {
    let spec = try JobSpec(validating: ["model": .text("BaseNetAux"), "dropout": .number(0.1), "seed": .integer(7)])
    let submission = try store.submit(test: [spec])
    let job = try #require(try store.claim(by: 3))
    #expect(
      job
        == ClaimedJob(
          attempt: Attempt(job: submission.jobs.lowerBound, number: 1), study: submission.study.id, spec: spec,
          datasetDigest: String(repeating: "da", count: 32), worker: 3))
    let record = try #require(try store.job(job.id))
    #expect(record.state == .running && record.worker == 3 && record.attempts == 1 && record.startedAt != nil)
    #expect(try store.claim(by: 1) == nil)
  }

  @Test("A worker has one job at a time")
  func oneJobAWorker() throws {
    try store.submit(test: specs(seeds: 1...2))
    _ = try store.claim(by: 1)
    #expect(throws: StoreError.self) { try store.claim(by: 1) }
    #expect(try store.counts()[.queued] == 1)
  }

  @Test("A finished job keeps its result, its epochs and its duration")
  func finished() throws {
    try store.submit(test: specs(seeds: 1...1))
    let job = try #require(try store.run(testAccuracy: 0.875))
    let record = try #require(try store.job(job.id))
    #expect(record.state == .succeeded && record.worker == nil && record.finishedAt != nil && record.reason == nil)
    #expect(record.durationSeconds == 1.5 && record.epochsDone == 2)
    #expect(record.result == JobResult(testAccuracy: 0.875))
    #expect(try store.epochs(of: job.id) == [EpochMetrics(test: 1), EpochMetrics(test: 2)])
  }

  @Test(
    "A job that ends without a result says why",
    arguments: [
      (JobOutcome.failed(reason: "no memory"), JobState.failed, "no memory"),
      (.diverged(epoch: 3), .diverged, "loss was not finite in epoch 3"),
    ])
  func endsWithoutResult(outcome: JobOutcome, state: JobState, reason: String) throws {
    try store.submit(test: specs(seeds: 1...1))
    let job = try #require(try store.claim(by: 1))
    try store.finish(job.attempt, with: outcome, after: .seconds(2))
    let record = try #require(try store.job(job.id))
    #expect(record.state == state && record.reason == reason && record.result == nil && record.durationSeconds == 2)
  }

  @Test("What a superseded attempt writes is refused, after cancel, requeue, recovery and finish", arguments: 0..<4)
  func superseded(how: Int) throws {
    try store.submit(test: specs(seeds: 1...1))
    let job = try #require(try store.claim(by: 1))
    switch how {
    case 0: _ = try store.cancel(JobFilter(jobs: [job.id]), because: "a test")
    case 1:
      try store.requeue(job.attempt)
      #expect(try store.claim(by: 2)?.attempt.number == 2)
    case 2:
      #expect(try store.recover().requeued == [job.id])
    default: try store.finish(job.attempt, with: .failed(reason: "a test"), after: .zero)
    }
    let before = try store.job(job.id)
    #expect(throws: StoreError.superseded(job.attempt)) { try store.append([EpochMetrics(test: 1)], to: job.attempt) }
    #expect(throws: StoreError.superseded(job.attempt)) { try store.requeue(job.attempt) }
    #expect(throws: StoreError.superseded(job.attempt)) {
      try store.finish(job.attempt, with: .succeeded(JobResult(testAccuracy: 1)), after: .zero)
    }
    #expect(try store.job(job.id) == before)
    #expect(try store.epochs(of: job.id).isEmpty)
  }

  @Test("A job's epochs are contiguous from 1", arguments: [[2], [1, 3], [1, 1], [0], [1, 2, 4]])
  func contiguous(epochs: [Int]) throws {
    try store.submit(test: specs(seeds: 1...1, epochs: 9))
    let job = try #require(try store.claim(by: 1))
    #expect(throws: StoreError.self) { try store.append(epochs.map { EpochMetrics(test: $0) }, to: job.attempt) }
    #expect(try store.epochs(of: job.id).isEmpty)
  }

  @Test("A job does not succeed without its last epoch")
  func incomplete() throws {
    try store.submit(test: specs(seeds: 1...1))
    let job = try #require(try store.claim(by: 1))
    try store.append([EpochMetrics(test: 1)], to: job.attempt)
    #expect(throws: StoreError.self) {
      try store.finish(job.attempt, with: .succeeded(JobResult(testAccuracy: 1)), after: .zero)
    }
    #expect(try store.job(job.id)?.state == .running)
  }

  @Test("Recovery queues what was running, drops its epochs and closes its attempt; the rest stays")
  func recovery() throws {
    try store.submit(test: specs(seeds: 1...4))
    try store.run()
    let job = try #require(try store.claim(by: 1))
    try store.append([EpochMetrics(test: 1)], to: job.attempt)
    #expect(try store.recover() == Recovery(requeued: [job.id], redigested: 0))
    let record = try #require(try store.job(job.id))
    #expect(record.state == .queued && record.startedAt == nil && record.worker == nil && record.epochsDone == 0)
    #expect(record.attempts == 1)
    let counts = try store.counts().filter { $0.value > 0 }
    #expect(counts == [.queued: 3, .succeeded: 1])
    #expect(try store.recover() == Recovery(requeued: [], redigested: 0))
    let again = try #require(try store.claim(by: 1))
    #expect(again.attempt == Attempt(job: job.id, number: 2))
    try store.requeue(again.attempt)
    try store.close()
    let endings = try DatabaseQueue(path: directory.databasePath).read {
      try String.fetchAll(
        $0, sql: "SELECT number || ' ' || ending FROM attempts WHERE job = ? ORDER BY number", arguments: [job.id])
    }
    #expect(endings == ["1 interrupted", "2 stopped"])
  }

  @Test("A queued job gets the digest of the numerics version that will train it")
  func redigested() throws {
    let all = try specs(seeds: 1...3)
    try store.submit(test: all)
    try store.run()
    try store.close()
    let digest = String(repeating: "da", count: 32)
    // The lock is the old store's as long as it lives.
    let other = try TemporaryDirectory()
    try copyDatabase(from: directory, to: other)
    let updated = try other.open(numericsVersion: 2)
    #expect(try updated.recover().redigested == 2)
    let digests = try updated.jobs(page: Page(.oldestFirst)).map(\.specDigest)
    #expect(
      digests
        == zip(all, [1, 2, 2]).map { $0.digest(datasetDigest: digest, numericsVersion: $1) })
  }
}
