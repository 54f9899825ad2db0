import GRDB
import PairCore

extension Store {
  /// How many workers the urgent jobs that wait could use: 0 unless the next job that a worker would take is urgent.
  ///
  /// Some of the others may have to wait for something else. Whoever makes room for too many loses a moment.
  ///
  /// - Parameter limit: the most that it counts.
  package func urgentJobsWaiting(atMost limit: Int) throws(StoreError) -> Int {
    try read { database in
      var turn = Turn(database: database, crashLimit: crashLimit)
      let urgent = Priority.urgent.rank
      guard let next = try turn.next(),
        try Int.fetchOne(database, sql: "SELECT priority FROM jobs WHERE id = ?", arguments: [next]) == urgent
      else { return 0 }
      return try Int.fetchOne(
        database,
        sql: "SELECT count(*) FROM (SELECT 1 FROM jobs WHERE state = 'queued' AND priority = ? LIMIT ?)",
        arguments: [urgent, limit]) ?? 0
    }
  }
}
