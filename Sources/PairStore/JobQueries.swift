import GRDB
import PairCore

extension Store {
  /// The job of that id, or nil.
  package func job(_ id: Int64) throws(StoreError) -> JobRecord? {
    try read { database in
      let statement = try database.cachedStatement(sql: "\(JobColumns.select) WHERE jobs.id = ?")
      return try Row.fetchOne(statement, arguments: [id]).map { try JobColumns.record(in: $0, path: path) }
    }
  }

  /// The jobs that meet the filter. To list results, ask for the state `.succeeded`.
  ///
  /// - Throws: `StoreError.refused` for a filter with an unknown parameter or value.
  package func jobs(
    matching filter: JobFilter = JobFilter(), page: Page = Page(.newestFirst, limit: 50)
  ) throws(StoreError) -> [JobRecord] {
    let query = try JobQuery(filter, page: page)
    return try read { database in
      let rows = try Row.fetchCursor(
        database, sql: "\(JobColumns.select) WHERE \(query.sql)", arguments: StatementArguments(query.arguments))
      var records: [JobRecord] = []
      while let row = try rows.next() { records.append(try JobColumns.record(in: row, path: path)) }
      return records
    }
  }

  /// The recorded epochs of a job, or of the one whose result it reuses, from 1.
  package func epochs(of job: Int64) throws(StoreError) -> [EpochMetrics] {
    try read { try $0.epochs(of: job) }
  }
}

extension Database {
  func epochs(of job: Int64) throws -> [EpochMetrics] {
    let statement = try cachedStatement(
      sql: """
        SELECT \(EpochColumns.list)
        FROM epochs WHERE job = (SELECT \(JobColumns.trained) FROM jobs WHERE id = ?) ORDER BY epoch
        """)
    return try Row.fetchAll(statement, arguments: [job]).map(EpochColumns.metrics)
  }
}

/// The WHERE, ORDER BY and LIMIT of a list of jobs, so that a short page of a long list is read through an index.
///
/// SQLite would either sort all jobs of the states asked for or walk the whole table past the others. A page of each
/// state by itself comes in order out of an index; the page wanted is among these.
struct JobQuery {
  private(set) var sql: String
  private(set) var arguments: [DatabaseValue]

  init(_ filter: JobFilter, page: Page) throws(StoreError) {
    var condition = try Condition(filter)
    if let start = page.start("jobs.id"), let after = page.after { condition.add(start, after.databaseValue) }
    let states = filter.states ?? (filter.study == nil ? nil : JobState.allCases)
    if let states, let limit = page.limit, !states.isEmpty, filter.jobs == nil {
      let pages = Set(states).map {
        """
        SELECT id FROM (SELECT id FROM jobs WHERE jobs.state = '\($0.rawValue)' AND \(condition.sql)
          ORDER BY id \(page.direction) LIMIT \(limit))
        """
      }
      sql = "jobs.id IN (\(pages.joined(separator: " UNION ALL ")))"
      arguments = pages.flatMap { _ in condition.arguments }
    } else {
      if let states = filter.states { condition.add(states) }
      sql = condition.sql
      arguments = condition.arguments
    }
    sql += " ORDER BY jobs.id \(page.direction)"
    if let limit = page.limit { sql += " LIMIT \(limit)" }
  }
}

/// How a `JobRecord` is read.
enum JobColumns {
  /// The job whose training a job's result comes from: itself, unless it reuses another's.
  static let trained = "coalesce(jobs.reused_from, jobs.id)"
  /// The seconds of that training.
  static let duration = """
    coalesce(jobs.duration_seconds,
      (SELECT duration_seconds FROM jobs AS trained WHERE trained.id = jobs.reused_from))
    """

  static let select = """
    SELECT jobs.id, jobs.study, jobs.spec_digest, jobs.state, jobs.attempts,
      CASE WHEN jobs.state = 'succeeded' THEN jobs.epochs WHEN jobs.attempts = 0 THEN 0
        ELSE (SELECT coalesce(max(epoch), 0) FROM epochs WHERE epochs.job = jobs.id) END,
      jobs.worker, jobs.submitted_at, jobs.started_at, jobs.finished_at, \(duration), jobs.reason,
      outcomes.job, outcomes.train_accuracy, outcomes.test_accuracy, outcomes.train_loss, outcomes.test_loss,
      outcomes.train_errors, outcomes.test_errors, outcomes.digit1_accuracy, outcomes.digit2_accuracy,
      outcomes.weights_sha256, jobs.priority, jobs.crashes, jobs.forced, jobs.reused_from, jobs.audit_of,
      \(SpecColumns.list)
    FROM jobs LEFT JOIN outcomes ON outcomes.job = \(trained)
    """

  static func record(in row: Row, path: String) throws -> JobRecord {
    let id: Int64 = row[0]
    guard let state = JobState(rawValue: row[3]) else {
      throw StoreError.corrupt(path: path, reason: "job \(id) has the unknown state '\(row[3] as String)'")
    }
    guard let priority = Priority(rank: row[22]) else {
      throw StoreError.corrupt(path: path, reason: "job \(id) has the unknown priority \(row[22] as Int)")
    }
    return JobRecord(
      id: id, study: row[1], spec: try SpecColumns.spec(in: row, from: 27, job: id, path: path), specDigest: row[2],
      state: state, priority: priority, attempts: row[4], crashes: row[23], isForced: row[24], epochsDone: row[5],
      worker: row[6], submittedAt: row[7], startedAt: row[8],
      finishedAt: row[9], durationSeconds: row[10], reason: row[11], reusedFrom: row[25], auditOf: row[26],
      result: result(in: row))
  }

  private static func result(in row: Row) -> JobResult? {
    guard row[12] as Int64? != nil else { return nil }
    return JobResult(
      trainAccuracy: row[13], testAccuracy: row[14], trainLoss: row[15], testLoss: row[16], trainErrors: row[17],
      testErrors: row[18], digit1Accuracy: row[19], digit2Accuracy: row[20], weightsSHA256: row[21])
  }
}
