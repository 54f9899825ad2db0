import GRDB
import PairCore

/// What `recover` put right after the daemon was killed.
package struct Recovery: Hashable, Sendable {
  /// Jobs that were running and are queued again, ascending.
  package var requeued: [Int64]
  /// How many queued jobs were submitted under another numerics version and now have digests of this one.
  package var redigested: Int
}

extension Store {
  /// Puts back into the queue what was running when the daemon died. Call once at start, before any `claim`.
  package func recover() throws(StoreError) -> Recovery {
    try write { database in
      Recovery(requeued: try requeueRunning(database), redigested: try redigestQueued(database))
    }
  }

  private func requeueRunning(_ database: Database) throws -> [Int64] {
    let running = Transition.requeue.sourceList
    try database.execute(
      sql: """
        UPDATE attempts SET ended_at = \(Timestamp.now), ending = 'interrupted'
        WHERE (job, number) IN (SELECT id, attempts FROM jobs WHERE state IN \(running))
        """)
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
  private func redigestQueued(_ database: Database) throws -> Int {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT id, dataset_digest, \(SpecColumns.list) FROM jobs WHERE state = 'queued' AND numerics_version <> ?
        """,
      arguments: [provenance.numericsVersion])
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
