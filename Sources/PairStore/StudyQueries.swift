import GRDB
import PairCore

extension Store {
  /// The latest studies, newest first; those before `id` if it is given.
  package func studies(limit: Int = 50, before id: Int64? = nil) throws(StoreError) -> [StudyRecord] {
    precondition(limit >= 0, "a list's limit is not negative")
    return try read { database in
      try Self.studies(
        database, where: id == nil ? "TRUE" : "id < ?", id.map { [$0.databaseValue] } ?? [], limit: limit)
    }
  }

  /// The study of that id, or nil.
  package func study(_ id: Int64) throws(StoreError) -> StudyRecord? {
    try read { try Self.studies($0, where: "id = ?", [id.databaseValue], limit: 1).first }
  }

  /// The study of that name, or nil.
  package func study(named name: String) throws(StoreError) -> StudyRecord? {
    try read { try Self.studies($0, where: "name = ?", [name.databaseValue], limit: 1).first }
  }

  /// How many jobs are in each state; every state is there.
  package func counts() throws(StoreError) -> [JobState: Int] {
    var counts = Dictionary(uniqueKeysWithValues: JobState.allCases.map { ($0, 0) })
    try read { database in
      let rows = try Row.fetchAll(database, sql: "SELECT state, sum(jobs) FROM study_counts GROUP BY state")
      for row in rows {
        guard let state = JobState(rawValue: row[0]) else {
          throw StoreError.corrupt(path: path, reason: "study_counts has the unknown state '\(row[0] as String)'")
        }
        counts[state] = row[1]
      }
    }
    return counts
  }

  static func studies(
    _ database: Database, where condition: String, _ arguments: [DatabaseValue], limit: Int
  ) throws -> [StudyRecord] {
    let studies = try Row.fetchAll(
      database,
      sql: """
        SELECT id, name, submitted_at, workers_max, time_limit_seconds FROM studies
        WHERE \(condition) ORDER BY id DESC LIMIT \(limit)
        """,
      arguments: StatementArguments(arguments))
    let counts = try database.cachedStatement(
      sql: "SELECT state, jobs FROM study_counts WHERE study = ? AND jobs > 0")
    let labels = try database.cachedStatement(sql: "SELECT label FROM study_labels WHERE study = ? ORDER BY label")
    let after = try database.cachedStatement(
      sql: "SELECT after FROM study_dependencies WHERE study = ? ORDER BY after")
    return try studies.map { study in
      let id: Int64 = study[0]
      let rows = try Row.fetchAll(counts, arguments: [id])
      return StudyRecord(
        id: id, name: study[1], submittedAt: study[2],
        counts: Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) }),
        labels: try String.fetchAll(labels, arguments: [id]), after: try Int64.fetchAll(after, arguments: [id]),
        workersMax: study[3], timeLimitSeconds: study[4])
    }
  }
}
