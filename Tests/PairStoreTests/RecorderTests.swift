import Dispatch
import GRDB
import PairCore
import StoreTesting
import Synchronization
import Testing

@testable import PairStore

@Suite struct RecorderTests {
  let directory: TemporaryDirectory
  let store: Store

  init() throws {
    directory = try TemporaryDirectory()
    store = try directory.open()
  }

  @Test("Epochs of many jobs and their ends arrive complete and in order", arguments: [1, 2, 8])
  func order(workers: Int) throws {
    try store.submit(test: specs(seeds: 1...Int64(workers * 5), epochs: 30))
    let recorder = Recorder(store: store) { Issue.record($0) }
    DispatchQueue.concurrentPerform(iterations: workers) { index in
      do {
        while let job = try store.claim(by: index + 1) {
          for epoch in 1...30 { recorder.record(EpochMetrics(test: epoch), of: job.attempt) }
          try recorder.finish(job.attempt, with: .succeeded(JobResult(testAccuracy: 1)), after: .zero)
        }
      } catch {
        Issue.record(error)
      }
    }
    #expect(try store.counts()[.succeeded] == workers * 5)
    for id in 1...Int64(workers * 5) {
      #expect(try store.epochs(of: id) == (1...30).map { EpochMetrics(test: $0) })
    }
  }

  @Test("Epochs that wait are written together")
  func coalesces() throws {
    try store.submit(test: specs(seeds: 1...2, epochs: 100))
    let jobs = try [store.claim(by: 1), store.claim(by: 2)].compactMap(\.self)
    let recorder = Recorder(store: store) { Issue.record($0) }
    let commits = Commits()
    store.pool.add(transactionObserver: commits, extent: .databaseLifetime)
    for epoch in 1...100 { for job in jobs { recorder.record(EpochMetrics(test: epoch), of: job.attempt) } }
    recorder.flush()
    #expect(try jobs.map { try store.epochs(of: $0.id).count } == [100, 100])
    // One, or two if the delay ran out between the two hundred.
    #expect(commits.count <= 2)
  }

  @Test("What a cancelled attempt hands over is dropped, and the others' epochs are kept")
  func superseded() throws {
    try store.submit(test: specs(seeds: 1...2))
    let jobs = try [store.claim(by: 1), store.claim(by: 2)].compactMap(\.self)
    let recorder = Recorder(store: store) { Issue.record($0) }
    _ = try store.cancel(JobFilter(jobs: [jobs[0].id]), because: "a test")
    for job in jobs { recorder.record(EpochMetrics(test: 1), of: job.attempt) }
    #expect(throws: StoreError.superseded(jobs[0].attempt)) {
      try recorder.finish(jobs[0].attempt, with: .failed(reason: "late"), after: .zero)
    }
    try recorder.requeue(jobs[1].attempt)
    #expect(try store.job(jobs[0].id)?.state == .cancelled)
    #expect(try store.job(jobs[1].id)?.state == .queued)
  }

  @Test("A write that fails is reported once, nothing is written after it, and nobody waits for ever")
  func failure() throws {
    try store.submit(test: specs(seeds: 1...2, epochs: 9999))
    let job = try #require(try store.claim(by: 1))
    let reported = Mutex<[StoreError]>([])
    let recorder = Recorder(store: store) { error in reported.withLock { $0.append(error) } }
    try store.pool.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA max_page_count = \(Int.fetchOne(database, sql: "PRAGMA page_count")!)")
    }
    let full = StoreError.diskFull(path: directory.databasePath)
    for epoch in 1...9999 { recorder.record(EpochMetrics(test: epoch), of: job.attempt) }
    #expect(throws: full) { try recorder.finish(job.attempt, with: .failed(reason: "none"), after: .zero) }
    try store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
    recorder.record(EpochMetrics(test: 1), of: job.attempt)
    #expect(throws: full) { try recorder.requeue(job.attempt) }
    recorder.flush()
    #expect(reported.withLock { $0 } == [full])
    #expect(try store.job(job.id)?.state == .running)
  }
}

/// Counts transactions; GRDB calls it on the writer's queue only, and the test reads when that is done.
private final class Commits: TransactionObserver, @unchecked Sendable {
  private(set) var count = 0
  func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
  func databaseDidChange(with event: DatabaseEvent) {}
  func databaseDidCommit(_ db: Database) { count += 1 }
  func databaseDidRollback(_ db: Database) {}
}
