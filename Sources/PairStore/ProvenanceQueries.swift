import GRDB
import PairCore

extension Store {
  /// What the job's result comes from, or nil if there is no such job.
  package func provenance(of job: Int64) throws(StoreError) -> JobProvenance? {
    try read { database in
      let facts = try Row.fetchOne(
        database, sql: "SELECT dataset_digest, numerics_version FROM jobs WHERE id = ?", arguments: [job])
      guard let facts else { return nil }
      let attempts = try Row.fetchAll(
        database,
        sql: """
          SELECT \(AttemptColumns.list)
          FROM attempts WHERE job = (SELECT \(JobColumns.trained) FROM jobs WHERE id = ?) ORDER BY number
          """,
        arguments: [job])
      return JobProvenance(
        datasetDigest: facts[0], numericsVersion: facts[1],
        attempts: attempts.map(AttemptColumns.attempt))
    }
  }
}
