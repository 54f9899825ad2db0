import GRDB
import PairCore

extension Store {
  /// Puts every job that the filter matches and that failed, diverged or was cancelled back into the queue.
  ///
  /// It starts from its first epoch, with its crashes forgotten, and under the digest of the engine's present version.
  ///
  /// - Returns: their ids, ascending.
  /// - Throws: `StoreError.refused` for a filter with an unknown parameter or value.
  package func retry(_ filter: JobFilter) throws(StoreError) -> [Int64] {
    var condition = try Condition(filter)
    condition.add(Transition.retry.sources.filter { filter.states?.contains($0) ?? true })
    return try write { database in
      try database.execute(
        sql: "DELETE FROM epochs WHERE job IN (SELECT id FROM jobs WHERE \(condition.sql))",
        arguments: StatementArguments(condition.arguments))
      let jobs = try Int64.fetchAll(
        database,
        sql: """
          UPDATE jobs SET state = '\(Transition.retry.target.rawValue)', crashes = 0, started_at = NULL,
            finished_at = NULL, duration_seconds = NULL, reason = NULL
          WHERE \(condition.sql) RETURNING id
          """,
        arguments: StatementArguments(condition.arguments))
      let ids = "[\(jobs.map(String.init).joined(separator: ","))]"
      _ = try redigest(database, where: "id IN (SELECT value FROM json_each(?))", [ids])
      return jobs.sorted()
    }
  }
}
