import Crypto
import GRDB
import PairCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where a training can go on, as the store keeps it.
package struct SavedCheckpoint: Hashable, Sendable {
  /// Epochs done, all of them recorded, and steps of the one under way.
  package var epochs: Int
  package var steps: Int
  /// Wall-clock seconds of training up to here, over all attempts.
  package var seconds: Double
  /// Everything that training changes, in a form that only the engine knows.
  package var state: [UInt8]

  package init(epochs: Int, steps: Int, seconds: Double, state: [UInt8]) {
    self.epochs = epochs
    self.steps = steps
    self.seconds = seconds
    self.state = state
  }
}

/// What the store has for an attempt to go on from.
package enum FoundCheckpoint: Hashable, Sendable {
  /// It starts at the first epoch.
  case none
  case valid(SavedCheckpoint)
  /// There is one that must not be used; `Recorder.startOver` removes it.
  ///
  /// - Parameter reason: a sentence's end, as in "the checkpoint …".
  case void(reason: String)
}

extension Store {
  /// The checkpoint that a running attempt's job has from earlier attempts.
  package func checkpoint(of attempt: Attempt) throws(StoreError) -> FoundCheckpoint {
    try read { database in
      guard
        let row = try Row.fetchOne(
          database,
          sql: """
            SELECT checkpoints.epochs, steps, seconds, checkpoints.state, sha256,
              checkpoints.spec_digest = jobs.spec_digest,
              (SELECT count(*) FROM epochs WHERE epochs.job = jobs.id) AS recorded
            FROM checkpoints JOIN jobs ON jobs.id = checkpoints.job WHERE checkpoints.job = ?
            """,
          arguments: [attempt.job])
      else { return .none }
      let saved = SavedCheckpoint(epochs: row[0], steps: row[1], seconds: row[2], state: Array(row[3] as Data))
      guard row[5] else { return .void(reason: "is of another spec, dataset or version of the engine") }
      guard SHA256.hexadecimal(of: saved.state) == row[4] else {
        return .void(reason: "is damaged: its SHA-256 is not the one that was stored with it")
      }
      guard saved.epochs == row[6] else {
        return .void(reason: "has done \(saved.epochs) epochs, and \(row[6] as Int) are recorded")
      }
      return .valid(saved)
    }
  }
}

/// To be used within a transaction, for a running attempt.
extension Database {
  /// Replaces the job's checkpoint.
  func save(_ checkpoint: SavedCheckpoint, of attempt: Attempt) throws {
    try requireRunning(attempt)
    try cachedStatement(
      sql: """
        INSERT OR REPLACE INTO checkpoints (job, attempt, spec_digest, epochs, steps, seconds, state, sha256, saved_at)
        SELECT id, attempts, spec_digest, ?, ?, ?, ?, ?, \(Timestamp.now) FROM jobs WHERE id = ?
        """
    ).execute(arguments: [
      checkpoint.epochs, checkpoint.steps, checkpoint.seconds, Data(checkpoint.state),
      SHA256.hexadecimal(of: checkpoint.state), attempt.job,
    ])
    CrashPoint.pass("checkpoint.written", job: attempt.job)
  }

  /// Forgets what earlier attempts have done.
  func startOver(_ attempt: Attempt) throws {
    try requireRunning(attempt)
    try cachedStatement(sql: "DELETE FROM checkpoints WHERE job = ?").execute(arguments: [attempt.job])
    try cachedStatement(sql: "DELETE FROM epochs WHERE job = ?").execute(arguments: [attempt.job])
  }

  /// Deletes the epochs that will be done again: those after the checkpoint, or all if there is none.
  ///
  /// - Parameter jobs: an SQL condition on `epochs.job`.
  func deleteEpochsAfterCheckpoint(ofJobs jobs: String, arguments: StatementArguments = []) throws {
    try cachedStatement(
      sql: """
        DELETE FROM epochs WHERE epochs.job \(jobs)
          AND epoch > coalesce((SELECT epochs FROM checkpoints WHERE checkpoints.job = epochs.job), 0)
        """
    ).execute(arguments: arguments)
  }
}
