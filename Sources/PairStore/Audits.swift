import GRDB
import PairCore

/// Trained results that were made from the same files by the same numerics, and how many they are.
package struct ResultOrigin: Hashable, Sendable {
  package var dataset: String
  package var datasetDigest: String
  package var numericsVersion: Int
  package var jobs: Int

  package init(dataset: String, datasetDigest: String, numericsVersion: Int, jobs: Int) {
    self.dataset = dataset
    self.datasetDigest = datasetDigest
    self.numericsVersion = numericsVersion
    self.jobs = jobs
  }
}

/// Audits: studies whose jobs repeat others. What an audit has found follows from the results of its jobs.
extension Store {
  /// What the results that the filter matches come from.
  ///
  /// A job that reuses a result stands for the training of it; repetitions are not audited in their turn.
  ///
  /// - Throws: `StoreError.refused` for a filter with an unknown parameter or value.
  package func origins(ofResults filter: JobFilter) throws(StoreError) -> [ResultOrigin] {
    let condition = try Self.trainings(filter)
    return try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT dataset, dataset_digest, numerics_version, count(*) FROM jobs WHERE \(condition.sql)
          GROUP BY dataset, dataset_digest, numerics_version ORDER BY dataset, numerics_version, dataset_digest
          """,
        arguments: StatementArguments(condition.arguments)
      ).map { ResultOrigin(dataset: $0[0], datasetDigest: $0[1], numericsVersion: $0[2], jobs: $0[3]) }
    }
  }

  /// Adds a study that trains again some of the results that the filter matches, drawn at random, at low priority.
  ///
  /// - Parameters:
  ///   - sample: how many of the results that can be repeated.
  ///   - seed: draws them, the same for the same seed.
  ///   - datasetDigests: of the datasets as they are now. Results from other files, or by other numerics than this
  ///     engine's, cannot be repeated and are not among those drawn.
  /// - Returns: nil if nothing can be repeated.
  /// - Throws: `StoreError.refused` for the filter, `.refusedName` for the name.
  package func submitAudit(
    of filter: JobFilter, sample: SampleSize, seed: UInt64, named name: String? = nil,
    datasetDigests: [String: String]
  ) throws(StoreError) -> Submission? {
    if let name { try Self.check(name) }
    var condition = try Self.trainings(filter)
    condition.add("jobs.numerics_version = ?", provenance.numericsVersion.databaseValue)
    let pairs = datasetDigests.sorted { $0.key < $1.key }
    condition.add(pairs: pairs.map { ($0.key, $0.value) }, "jobs.dataset", "jobs.dataset_digest")
    // What succeeded stays as it is, so that it need not be looked up in the transaction that writes.
    let drawn: [Row] = try read { database in
      let jobs = try Int64.fetchAll(
        database, sql: "SELECT id FROM jobs WHERE \(condition.sql) ORDER BY id",
        arguments: StatementArguments(condition.arguments))
      let sample = Sample.of(jobs, count: sample.count(of: jobs.count), seed: seed)
      return try Row.fetchAll(
        database,
        sql: """
          SELECT id, spec_digest, \(SpecColumns.list) FROM jobs WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id
          """,
        arguments: ["[\(sample.map(String.init).joined(separator: ","))]"])
    }
    guard !drawn.isEmpty else { return nil }
    let options: StudyOptions
    do { options = try StudyOptions(validating: .low, isForced: true) } catch { throw .refused(error) }
    return try write { database in
      let specs = try drawn.map { try SpecColumns.spec(in: $0, from: 2, job: $0[0], path: path) }
      return try insert(
        specs, named: name, digests: drawn.map { $0[1] }, datasetDigests: datasetDigests,
        options: options, auditing: drawn.map { $0[0] }, into: database)
    }
  }

  /// What an audit has found so far, as it is at one moment; nil if the study is none.
  package func audit(_ study: Int64) throws(StoreError) -> AuditReport? {
    try read { database in
      guard let record = try Self.studies(database, where: "id = ?", [study.databaseValue], limit: 1).first else {
        return nil
      }
      let rows = try Row.fetchAll(
        database,
        sql: "SELECT id, audit_of, state, reason FROM jobs WHERE study = ? AND audit_of IS NOT NULL ORDER BY id",
        arguments: [study])
      guard !rows.isEmpty else { return nil }
      var report = AuditReport(study: record, equal: 0, different: [], unchecked: [], left: 0)
      for row in rows {
        let (repetition, job): (Int64, Int64) = (row[0], row[1])
        guard let state = JobState(rawValue: row[2]) else {
          throw StoreError.corrupt(path: path, reason: "job \(repetition) has the unknown state '\(row[2] as String)'")
        }
        switch state {
        case .queued, .running, .paused: report.left += 1
        case .failed, .cancelled:
          report.unchecked.append(
            AuditReport.Unchecked(job: job, repetition: repetition, state: state, reason: row[3]))
        case .diverged:
          let difference = Difference(figure: "state", recorded: "succeeded", repeated: state.rawValue)
          report.different.append(
            AuditReport.Different(job: job, repetition: repetition, differences: [difference]))
        case .succeeded:
          let differences = Difference.between(
            try Self.measurements(of: job, database), try Self.measurements(of: repetition, database))
          if differences.isEmpty {
            report.equal += 1
          } else {
            report.different.append(
              AuditReport.Different(job: job, repetition: repetition, differences: differences))
          }
        }
      }
      return report
    }
  }

  /// Matches the trainings behind the results that the filter matches.
  private static func trainings(_ filter: JobFilter) throws(StoreError) -> Condition {
    var matched = try Condition(filter)
    matched.add([JobState.succeeded].filter { filter.states?.contains($0) ?? true })
    var condition = Condition()
    condition.add(
      "jobs.id IN (SELECT \(JobColumns.trained) FROM jobs WHERE \(matched.sql))", arguments: matched.arguments)
    condition.add("jobs.audit_of IS NULL")
    return condition
  }

  private static func measurements(
    of job: Int64, _ database: Database
  ) throws -> (result: JobResult?, epochs: [EpochMetrics]) {
    let result = try Row.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT train_accuracy, test_accuracy, train_loss, test_loss, train_errors, test_errors, digit1_accuracy,
            digit2_accuracy, weights_sha256
          FROM outcomes WHERE job = ?
          """),
      arguments: [job]
    ).map {
      JobResult(
        trainAccuracy: $0[0], testAccuracy: $0[1], trainLoss: $0[2], testLoss: $0[3], trainErrors: $0[4],
        testErrors: $0[5], digit1Accuracy: $0[6], digit2Accuracy: $0[7], weightsSHA256: $0[8])
    }
    return (result, try database.epochs(of: job))
  }
}
