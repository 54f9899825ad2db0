import GRDB
import PairCore

/// What `pause` did, and what is left to do.
package struct Pausing: Hashable, Sendable {
  /// The jobs that were queued and now are paused, ascending.
  package var paused: [Int64]
  /// The attempts that run, to be stopped; with `requeue(_:as: .paused)` each then pauses its job.
  package var running: [Attempt]
}

extension Store {
  /// Pauses every queued job that the filter matches, and lists the running ones.
  ///
  /// Use `Scheduler.pause`, which also stops the workers.
  ///
  /// - Throws: `StoreError.refused` for a filter with an unknown parameter or value.
  package func pause(_ filter: JobFilter) throws(StoreError) -> Pausing {
    var condition = try Condition(filter)
    condition.add(Transition.pause.sources.filter { filter.states?.contains($0) ?? true })
    return try write { database in
      let running = try Row.fetchAll(
        database, sql: "SELECT id, attempts FROM jobs WHERE state = 'running' AND \(condition.sql) ORDER BY id",
        arguments: StatementArguments(condition.arguments))
      let paused = try Int64.fetchAll(
        database,
        sql: """
          UPDATE jobs SET state = '\(Transition.pause.target.rawValue)'
          WHERE state = 'queued' AND \(condition.sql) RETURNING id
          """,
        arguments: StatementArguments(condition.arguments))
      return Pausing(paused: paused.sorted(), running: running.map { Attempt(job: $0[0], number: $0[1]) })
    }
  }

  /// Puts every paused job that the filter matches back into the queue, in its old place.
  ///
  /// - Returns: their ids, ascending.
  /// - Throws: as `pause`.
  package func resume(_ filter: JobFilter) throws(StoreError) -> [Int64] {
    var condition = try Condition(filter)
    condition.add(Transition.resume.sources.filter { filter.states?.contains($0) ?? true })
    return try write { database in
      try Int64.fetchAll(
        database,
        sql: "UPDATE jobs SET state = '\(Transition.resume.target.rawValue)' WHERE \(condition.sql) RETURNING id",
        arguments: StatementArguments(condition.arguments)
      ).sorted()
    }
  }

  /// In which state each of the jobs is; those that there are not are left out.
  package func states(of jobs: [Int64]) throws(StoreError) -> [Int64: JobState] {
    let condition = try Condition(JobFilter(jobs: jobs))
    return try read { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT id, state FROM jobs WHERE \(condition.sql)",
        arguments: StatementArguments(condition.arguments))
      var states: [Int64: JobState] = [:]
      for row in rows { states[row[0]] = JobState(rawValue: row[1]) }
      return states
    }
  }
}
