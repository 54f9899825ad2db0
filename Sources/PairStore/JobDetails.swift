import GRDB
import PairCore

/// Everything there is about one job.
package struct JobDetails: Hashable, Sendable {
  package var job: JobRecord
  /// Those of its latest attempt, from 1.
  package var epochs: [EpochMetrics]
  package var provenance: JobProvenance
}

extension Store {
  /// Everything about each job that meets the filter, all of one moment, in a few statements whatever their number.
  ///
  /// - Throws: `StoreError.refused` for a filter with an unknown parameter or value.
  package func details(matching filter: JobFilter, page: Page) throws(StoreError) -> [JobDetails] {
    let query = try JobQuery(filter, page: page)
    return try read { database in
      let jobs = try Row.fetchAll(
        database, sql: "\(JobColumns.select) WHERE \(query.sql)", arguments: StatementArguments(query.arguments)
      ).map { try JobColumns.record(in: $0, path: path) }
      let ids = "[\(jobs.map { String($0.id) }.joined(separator: ","))]"
      let origins = try Row.fetchCursor(
        database,
        sql: "SELECT id, dataset_digest, numerics_version FROM jobs WHERE id IN (SELECT value FROM json_each(?))",
        arguments: [ids])
      var provenances: [Int64: JobProvenance] = [:]
      while let row = try origins.next() {
        provenances[row[0]] = JobProvenance(datasetDigest: row[1], numericsVersion: row[2], attempts: [])
      }
      let attempts = try Row.fetchCursor(
        database,
        sql: """
          SELECT \(AttemptColumns.list), jobs.id FROM jobs JOIN attempts ON attempts.job = \(JobColumns.trained)
          WHERE jobs.id IN (SELECT value FROM json_each(?)) ORDER BY jobs.id, number
          """,
        arguments: [ids])
      while let row = try attempts.next() {
        provenances[row[AttemptColumns.count]]?.attempts.append(AttemptColumns.attempt(in: row))
      }
      let metrics = try Row.fetchCursor(
        database,
        sql: """
          SELECT \(EpochColumns.list), jobs.id FROM jobs JOIN epochs ON epochs.job = \(JobColumns.trained)
          WHERE jobs.id IN (SELECT value FROM json_each(?)) ORDER BY jobs.id, epoch
          """,
        arguments: [ids])
      var epochs: [Int64: [EpochMetrics]] = [:]
      while let row = try metrics.next() {
        epochs[row[EpochColumns.count], default: []].append(EpochColumns.metrics(in: row))
      }
      return try jobs.map { job in
        guard let provenance = provenances[job.id] else {
          throw StoreError.corrupt(path: path, reason: "job \(job.id) is there and is not")
        }
        return JobDetails(job: job, epochs: epochs[job.id] ?? [], provenance: provenance)
      }
    }
  }
}

/// How an attempt is read.
enum AttemptColumns {
  static let list =
    "number, attempts.worker, host, program_version, instruction_set, attempts.started_at, attempts.ended_at, ending"
  static let count = 8

  static func attempt(in row: Row) -> JobProvenance.Attempt {
    JobProvenance.Attempt(
      number: row[0], worker: row[1], host: row[2], programVersion: row[3], instructionSet: row[4], startedAt: row[5],
      endedAt: row[6], ending: row[7])
  }
}

/// How an epoch is read.
enum EpochColumns {
  static let list = "epoch, epochs.train_loss, epochs.test_accuracy, epochs.digit1_accuracy, epochs.digit2_accuracy"
  static let count = 5

  static func metrics(in row: Row) -> EpochMetrics {
    EpochMetrics(
      epoch: row[0], trainLoss: row[1], testAccuracy: row[2], digit1Accuracy: row[3], digit2Accuracy: row[4])
  }
}
