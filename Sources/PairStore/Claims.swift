import GRDB
import PairCore

/// What `recover` put right after the daemon was killed.
package struct Recovery: Hashable, Sendable {
  /// Jobs that were running and are queued again.
  package var requeued: [Int64]
  /// How many queued jobs were submitted under another numerics version and now have digests of this one.
  package var redigested: Int
}

extension Store {
  /// Takes the oldest queued job for a worker that has none, and opens the attempt.
  ///
  /// - Parameter worker: counted from 1.
  /// - Returns: nil if nothing is queued.
  package func claim(by worker: Int) throws(StoreError) -> ClaimedJob? { fatalError("to be written") }

  /// Adds epochs to the running attempt's record; they must follow those that are there, from 1.
  ///
  /// - Throws: `StoreError.superseded` if the attempt is not its job's running one; then nothing was added.
  package func append(_ epochs: [EpochMetrics], to attempt: Attempt) throws(StoreError) { fatalError("to be written") }

  /// Ends the running attempt and its job, with the result if there is one.
  ///
  /// - Parameter duration: wall-clock time of the attempt.
  /// - Throws: `StoreError.superseded` if the attempt is not its job's running one; then nothing was written.
  package func finish(
    _ attempt: Attempt, with outcome: JobOutcome, after duration: Duration
  ) throws(StoreError) { fatalError("to be written") }

  /// Puts the job of a running attempt back into the queue, without the epochs of the attempt.
  ///
  /// - Throws: `StoreError.superseded` if the attempt is not its job's running one.
  package func requeue(_ attempt: Attempt) throws(StoreError) { fatalError("to be written") }

  /// Puts back into the queue what was running when the daemon died. Call once at start, before any `claim`.
  package func recover() throws(StoreError) -> Recovery { fatalError("to be written") }
}
