import GRDB
import PairCore

/// What `cancel` did.
package struct Cancellation: Hashable, Sendable {
  /// The jobs that had not ended and now are cancelled, ascending.
  package var jobs: [Int64]
  /// Those that ran, with the attempts that must be told to stop; whatever these still write is refused.
  package var running: [Attempt]
}

extension Store {
  /// Cancels every job that has not ended and that the filter matches, and leaves those that ended as they are.
  ///
  /// Use `Scheduler.cancel`, which also stops the workers.
  ///
  /// - Throws: `StoreError.refused` for a filter with an unknown parameter or value.
  package func cancel(_ filter: JobFilter, because reason: String) throws(StoreError) -> Cancellation {
    precondition(!reason.isEmpty, "a cancelled job says why")
    var condition = try Condition(filter)
    condition.add(Transition.cancel.sources.filter { filter.states?.contains($0) ?? true })
    return try write { database in
      let now = try database.now()
      let rows = try Row.fetchAll(
        database,
        sql: """
          UPDATE jobs
          SET state = '\(Transition.cancel.target.rawValue)', worker = NULL, finished_at = ?, reason = ?
          WHERE \(condition.sql)
          RETURNING id, attempts, started_at IS NOT NULL
          """,
        arguments: [now, reason] + StatementArguments(condition.arguments))
      var cancellation = Cancellation(jobs: rows.map { $0[0] }.sorted(), running: [])
      // A queued or paused job has no start, so that what has one was running.
      for row in rows where row[2] {
        cancellation.running.append(Attempt(job: row[0], number: row[1]))
      }
      for attempt in cancellation.running {
        try database.close(attempt, as: Transition.cancel.target.rawValue, at: now)
      }
      return cancellation
    }
  }
}
