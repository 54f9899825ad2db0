import Dispatch
import Foundation
import GRDB
import PairCore
import StoreTesting
import Synchronization
import Testing

@testable import PairStore

@Suite struct CheckpointStoreTests {
  let directory: TemporaryDirectory
  let store: Store
  let recorder: Recorder

  init() throws {
    directory = try TemporaryDirectory()
    store = try directory.open()
    recorder = Recorder(store: store) { Issue.record($0) }
  }

  private func checkpoint(after epochs: Int, steps: Int = 3, seconds: Double = 1.5) -> SavedCheckpoint {
    SavedCheckpoint(epochs: epochs, steps: steps, seconds: seconds, state: [1, 2, 3, UInt8(epochs), UInt8(steps)])
  }

  private func claim(epochs: Int64 = 5) throws -> ClaimedJob {
    try store.submit(test: specs(seeds: 1...1, epochs: epochs))
    return try #require(try store.claim(by: 1))
  }

  /// Epochs 1 to `epochs`, and a checkpoint after `checkpointed` of them.
  private func train(_ job: ClaimedJob, epochs: Int, checkpointed: Int) {
    for epoch in 1...epochs {
      recorder.record(EpochMetrics(test: epoch), of: job.attempt)
      if epoch == checkpointed { recorder.save(checkpoint(after: epoch), of: job.attempt) }
    }
    recorder.flush()
  }

  @Test("A job that goes back to the queue keeps its checkpoint and the epochs before it, and none after it")
  func requeued() throws {
    let job = try claim()
    #expect(try store.checkpoint(of: job.attempt) == .none)
    train(job, epochs: 3, checkpointed: 2)
    try recorder.requeue(job.attempt)
    #expect(try store.epochs(of: job.id) == [1, 2].map { EpochMetrics(test: $0) })
    let again = try #require(try store.claim(by: 1))
    #expect(again.attempt == Attempt(job: job.id, number: 2))
    #expect(try store.checkpoint(of: again.attempt) == .valid(checkpoint(after: 2)))
    // The next attempt's epochs follow, and its checkpoint replaces the first one's.
    recorder.record(EpochMetrics(test: 3), of: again.attempt)
    recorder.save(checkpoint(after: 3, steps: 0), of: again.attempt)
    try recorder.requeue(again.attempt)
    let last = try #require(try store.claim(by: 2))
    #expect(try store.checkpoint(of: last.attempt) == .valid(checkpoint(after: 3, steps: 0)))
    #expect(try store.epochs(of: job.id).map(\.epoch) == [1, 2, 3])
  }

  @Test("After a crash a job goes on from its checkpoint, with the epochs before it")
  func recovered() throws {
    let job = try claim()
    train(job, epochs: 3, checkpointed: 2)
    #expect(try store.recover().requeued == [job.id])
    #expect(try store.epochs(of: job.id).map(\.epoch) == [1, 2])
    let again = try #require(try store.claim(by: 1))
    #expect(try store.checkpoint(of: again.attempt) == .valid(checkpoint(after: 2)))
  }

  @Test("A job that ends has no checkpoint, however it ends")
  func ended() throws {
    try store.submit(test: specs(seeds: 1...4, epochs: 2))
    for worker in 1...4 {
      let job = try #require(try store.claim(by: worker))
      recorder.record(EpochMetrics(test: 1), of: job.attempt)
      recorder.record(EpochMetrics(test: 2), of: job.attempt)
      recorder.save(checkpoint(after: 2, steps: 0), of: job.attempt)
      recorder.flush()
      #expect(try count("checkpoints") == 1)
      recorder.save(checkpoint(after: 2, steps: 0), of: job.attempt)
      switch worker {
      case 1: try recorder.finish(job.attempt, with: .succeeded(JobResult(testAccuracy: 1)), after: .seconds(1))
      case 2: try recorder.finish(job.attempt, with: .failed(reason: "a test"), after: .seconds(1))
      case 3: try recorder.finish(job.attempt, with: .diverged(epoch: 2), after: .seconds(1))
      default: _ = try store.cancel(JobFilter(jobs: [job.id]), because: "a test")
      }
      recorder.flush()
      #expect(try count("checkpoints") == 0)
    }
  }

  @Test("Epochs and the checkpoint after them are written together, and only the latest checkpoint is")
  func oneTransaction() throws {
    let job = try claim(epochs: 50)
    let seen = Mutex<[[Int]]>([])
    let observer = EveryCommit { database in
      let row = try! Row.fetchOne(
        database, sql: "SELECT (SELECT count(*) FROM epochs), (SELECT epochs FROM checkpoints)")!
      seen.withLock { $0.append([row[0], row[1] ?? -1]) }
    }
    store.pool.add(transactionObserver: observer, extent: .databaseLifetime)
    for epoch in 1...50 {
      recorder.record(EpochMetrics(test: epoch), of: job.attempt)
      recorder.save(checkpoint(after: epoch), of: job.attempt)
    }
    recorder.flush()
    // Whatever was committed, a checkpoint had all its epochs with it.
    let commits = seen.withLock { $0 }
    #expect(commits.last == [50, 50])
    #expect(commits.count <= 3 && commits.allSatisfy { $0[0] == $0[1] }, "\(commits)")
  }

  static let damages: [(sql: String, reason: String)] = [
    (
      "UPDATE checkpoints SET state = x'010203'",
      "is damaged: its SHA-256 is not the one that was stored with it"
    ),
    (
      "UPDATE checkpoints SET spec_digest = '\(String(repeating: "0", count: 64))'",
      "is of another spec, dataset or version of the engine"
    ),
    ("DELETE FROM epochs WHERE epoch = 2", "has done 2 epochs, and 1 are recorded"),
  ]

  @Test("A checkpoint that cannot be trusted is void, and starting over leaves nothing of it", arguments: damages)
  func void(sql: String, reason: String) throws {
    let job = try claim()
    train(job, epochs: 2, checkpointed: 2)
    try recorder.requeue(job.attempt)
    try store.pool.write { try $0.execute(sql: sql) }
    let again = try #require(try store.claim(by: 1))
    #expect(try store.checkpoint(of: again.attempt) == .void(reason: reason))
    recorder.startOver(again.attempt)
    train(again, epochs: 1, checkpointed: 1)
    #expect(try store.epochs(of: job.id).map(\.epoch) == [1])
    try recorder.requeue(again.attempt)
    let last = try #require(try store.claim(by: 1))
    #expect(try store.checkpoint(of: last.attempt) == .valid(checkpoint(after: 1)))
  }

  @Test("A queued job's checkpoint is void after the engine's numerics have changed")
  func redigested() throws {
    let job = try claim()
    train(job, epochs: 2, checkpointed: 2)
    try recorder.requeue(job.attempt)
    try store.close()
    // The lock is the old store's as long as it lives.
    let other = try TemporaryDirectory()
    try copyDatabase(from: directory, to: other)
    let newer = try other.open(numericsVersion: 2)
    #expect(try newer.recover().redigested == 1)
    let again = try #require(try newer.claim(by: 1))
    #expect(
      try newer.checkpoint(of: again.attempt) == .void(reason: "is of another spec, dataset or version of the engine"))
  }

  @Test("A superseded attempt's checkpoint is dropped")
  func superseded() throws {
    let job = try claim()
    train(job, epochs: 1, checkpointed: 1)
    try recorder.requeue(job.attempt)
    let again = try #require(try store.claim(by: 1))
    recorder.save(checkpoint(after: 4), of: job.attempt)
    recorder.startOver(job.attempt)
    recorder.flush()
    #expect(try store.checkpoint(of: again.attempt) == .valid(checkpoint(after: 1)))
    #expect(try store.epochs(of: job.id).map(\.epoch) == [1])
  }

  @Test("While the disk stands still, training goes on, and of each attempt no more than one checkpoint waits")
  func frozenWriter() async throws {
    try store.submit(test: specs(seeds: 1...3, epochs: 2000))
    let jobs = try (1...3).map { try #require(try store.claim(by: $0)) }
    let mayWrite = DispatchSemaphore(value: 0)
    let isFrozen = DispatchSemaphore(value: 0)
    let freezer = DispatchQueue(label: "test.freezer")
    freezer.async { [store] in
      do {
        try store.pool.write { _ in
          isFrozen.signal()
          mayWrite.wait()
        }
      } catch {
        Issue.record(error)
      }
    }
    // On a thread of its own, as a worker is. It ends because nothing in it waits for the writer.
    let most = await withCheckedContinuation { continuation in
      DispatchQueue.global().async { [recorder] in
        isFrozen.wait()
        var most = 0
        let end = ContinuousClock.now + .seconds(1)
        var epoch = 0
        while epoch < 1000 || ContinuousClock.now < end {
          if epoch < 1000 {
            epoch += 1
            for job in jobs { recorder.record(EpochMetrics(test: epoch), of: job.attempt) }
          }
          for job in jobs {
            recorder.save(
              SavedCheckpoint(epochs: epoch, steps: 0, seconds: 1, state: Array(repeating: 7, count: 1000)),
              of: job.attempt)
          }
          most = max(most, recorder.waitingCheckpoints)
        }
        mayWrite.signal()
        continuation.resume(returning: most)
      }
    }
    #expect(most == 3)
    recorder.flush()
    #expect(try count("epochs") == 3000 && count("checkpoints") == 3)
    for job in jobs { try recorder.requeue(job.attempt) }
    #expect(try count("epochs") == 3000)
  }

  private func count(_ table: String) throws -> Int? {
    try store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") }
  }
}

/// Looks at the database after every transaction; GRDB calls it on the writer's queue.
private final class EveryCommit: TransactionObserver {
  private let look: @Sendable (Database) -> Void
  init(_ look: @escaping @Sendable (Database) -> Void) { self.look = look }
  func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
  func databaseDidChange(with event: DatabaseEvent) {}
  func databaseDidCommit(_ db: Database) { look(db) }
  func databaseDidRollback(_ db: Database) {}
}
