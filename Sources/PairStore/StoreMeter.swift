import GRDB
import Synchronization

/// What this process has written, for whoever watches the daemon.
package final class StoreMeter: Sendable {
  package struct Reading: Hashable, Sendable {
    /// Transactions that ended, by how long they took, turn-taking and disk included: one more than `bounds`.
    package var writesByDuration = [Int](repeating: 0, count: StoreMeter.bounds.count + 1)
    package var writeSeconds = 0.0
    package var failedWrites = 0
    package var epochs = 0
    package var checkpoints = 0
    package var checkpointBytes = 0
  }

  /// Upper bounds of durations in seconds, ascending; the last count is of those above them all.
  package static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

  private let state = Mutex(Reading())

  package var reading: Reading { state.withLock { $0 } }

  /// Does one transaction and counts it.
  func measure<Value>(_ write: () throws -> Value) throws -> Value {
    let start = ContinuousClock.now
    do {
      let value = try write()
      note(ContinuousClock.now - start, failed: false)
      return value
    } catch {
      note(ContinuousClock.now - start, failed: true)
      throw error
    }
  }

  /// - Parameter checkpoints: how many bytes each has that was written.
  func note(epochs: Int, checkpoints: [Int]) {
    state.withLock { reading in
      reading.epochs += epochs
      reading.checkpoints += checkpoints.count
      reading.checkpointBytes += checkpoints.reduce(0, +)
    }
  }

  private func note(_ duration: Duration, failed: Bool) {
    let seconds = duration / .seconds(1)
    let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
    state.withLock { reading in
      reading.writesByDuration[bucket] += 1
      reading.writeSeconds += seconds
      if failed { reading.failedWrites += 1 }
    }
  }
}

extension Store {
  /// The checkpoints that are kept now: how many, and their bytes.
  package func checkpointsKept() throws(StoreError) -> (count: Int, bytes: Int) {
    try read { database in
      let row = try Row.fetchOne(database, sql: "SELECT count(*), coalesce(sum(length(state)), 0) FROM checkpoints")!
      return (row[0], row[1])
    }
  }

  /// How many attempts ended in which way, over all runs of the daemon.
  package func attemptEndings() throws(StoreError) -> [String: Int] {
    try read { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT ending, count(*) FROM attempts WHERE ending IS NOT NULL GROUP BY ending")
      return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
    }
  }
}
