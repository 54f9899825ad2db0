import GRDB
import PairCore

/// What `recover` put right after the daemon was killed.
package struct Recovery: Hashable, Sendable {
  /// Jobs that were running and are queued again, ascending.
  package var requeued: [Int64]
  /// Jobs that were running when the daemon died as often as the limit says, and have failed; ascending.
  package var setAside: [Int64] = []
  /// How many queued and paused jobs were submitted under another numerics version and now have digests of this one.
  package var redigested: Int
}

extension Store {
  /// Puts back into the queue what was running when the daemon died, or sets it aside if that happened to it too often.
  /// Call once at start, before any `claim`.
  package func recover() throws(StoreError) -> Recovery {
    try write { database in
      let setAside = try countCrashes(database)
      return Recovery(
        requeued: try requeueRunning(database), setAside: setAside,
        redigested: try redigest(database, where: "state IN ('queued', 'paused')"))
    }
  }

  /// Closes the attempts that the daemon's death ended, counts it against their jobs, and fails those it is too much for.
  private func countCrashes(_ database: Database) throws -> [Int64] {
    let running = Transition.requeue.sourceList
    try database.execute(
      sql: """
        UPDATE attempts SET ended_at = \(Timestamp.now), ending = 'interrupted'
        WHERE (job, number) IN (SELECT id, attempts FROM jobs WHERE state IN \(running))
        """)
    try database.execute(sql: "UPDATE jobs SET crashes = crashes + 1 WHERE state IN \(running)")
    guard crashLimit > 0 else { return [] }
    return try Int64.fetchAll(
      database,
      sql: """
        UPDATE jobs SET state = '\(Transition.fail.target.rawValue)', worker = NULL, finished_at = \(Timestamp.now),
          reason = 'pairnetd died ' || CASE crashes WHEN 1 THEN 'once' ELSE crashes || ' times' END ||
            ' while this job ran, so that it was set aside; ''pairnetctl retry ' || id || ''' tries it again'
        WHERE state IN \(running) AND crashes >= ? RETURNING id
        """,
      arguments: [crashLimit]
    ).sorted()
  }

  private func requeueRunning(_ database: Database) throws -> [Int64] {
    let running = Transition.requeue.sourceList
    try database.deleteEpochsAfterCheckpoint(ofJobs: "IN (SELECT id FROM jobs WHERE state IN \(running))")
    return try Int64.fetchAll(
      database,
      sql: """
        UPDATE jobs SET state = '\(Transition.requeue.target.rawValue)', worker = NULL, started_at = NULL
        WHERE state IN \(running) RETURNING id
        """
    ).sorted()
  }

  /// A job that waited while the program was updated will be trained by the new engine: its digest must say so.
  ///
  /// - Parameter condition: which of the jobs to look at, all of them waiting.
  func redigest(_ database: Database, where condition: String, _ arguments: StatementArguments = []) throws -> Int {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT id, dataset_digest, \(SpecColumns.list) FROM jobs
        WHERE \(condition) AND numerics_version <> ?
        """,
      arguments: arguments + [provenance.numericsVersion])
    let update = try database.cachedStatement(
      sql: "UPDATE jobs SET numerics_version = ?, spec_digest = ? WHERE id = ?")
    for row in rows {
      let spec = try SpecColumns.spec(in: row, from: 2, job: row[0], path: path)
      let digest = spec.digest(datasetDigest: row[1], numericsVersion: provenance.numericsVersion)
      try update.execute(arguments: [provenance.numericsVersion, digest, row[0] as Int64])
    }
    return rows.count
  }
}
