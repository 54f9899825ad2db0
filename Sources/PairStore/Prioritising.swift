import GRDB
import PairCore

extension Store {
  /// Gives every job that the filter matches and that has not ended another priority.
  ///
  /// - Returns: the ids of those that had a different one, ascending.
  /// - Throws: `StoreError.refused` for a filter with an unknown parameter or value.
  package func prioritise(_ filter: JobFilter, as priority: Priority) throws(StoreError) -> [Int64] {
    var condition = try Condition(filter)
    condition.add(JobState.allCases.filter { !$0.isTerminal && filter.states?.contains($0) ?? true })
    condition.add("jobs.priority <> ?", priority.rank.databaseValue)
    return try write { database in
      try Int64.fetchAll(
        database, sql: "UPDATE jobs SET priority = \(priority.rank) WHERE \(condition.sql) RETURNING id",
        arguments: StatementArguments(condition.arguments)
      ).sorted()
    }
  }
}
