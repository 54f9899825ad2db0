import GRDB
import PairCore

/// Where a reproduction stands.
package struct ReproductionProgress: Hashable, Sendable {
  package var record: ReproductionRecord
  /// In the grid's order.
  package var grid: [JobRecord]
  /// In the order of models and seeds; nil until they are submitted.
  package var runs: [JobRecord]?
  /// From the submission to the end of the latest job that has ended.
  package var wallSeconds: Double

  package var step: ReproductionStep { ReproductionStep(grid: grid, runs: runs) }
}

/// Reproductions: two studies, of which the second follows from the results of the first.
///
/// Goals: each transaction leaves a state that the next call can go on from, so that neither the client nor the daemon
/// is needed between them; however often and by however many threads `advanceReproductions` is called, there is one
/// study of runs.
extension Store {
  /// Adds a reproduction and its grid, all of it or none, unless there is one of the same plan already.
  ///
  /// The same plan on the same dataset ends in the same bits, so that asking twice joins the one that is there. One that
  /// is stuck, or that another version of the engine or other dataset files were used for, is left alone.
  ///
  /// - Parameter again: adds one in any case, and trains all of its jobs, whatever has been trained before.
  package func startReproduction(
    _ plan: ReproductionPlan, datasetDigest: String, again: Bool = false
  ) throws(StoreError) -> ReproductionRecord {
    let options = try Self.options(forced: again)
    let specs = plan.grid
    let datasetDigests = [plan.dataset: datasetDigest]
    let digests = specDigests(of: specs, datasetDigests: datasetDigests)
    return try write { database in
      if !again {
        for record in try records(database, "ORDER BY id DESC") where record.plan == plan {
          let grid = try jobs(of: record.gridStudy, database)
          let runs = try record.runsStudy.map { try jobs(of: $0, database) }
          if case .stuck = ReproductionStep(grid: grid, runs: runs) { continue }
          // The digests cover the specs, the dataset and the numerics version.
          if grid.map(\.specDigest) == digests { return record }
        }
      }
      let id =
        1 + (try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'reproductions'") ?? 0)
      let grid = try insert(
        specs, named: try freeName("reproduction-\(id)-grid", database), digests: digests,
        datasetDigests: datasetDigests, options: options, into: database)
      try database.execute(
        sql: """
          INSERT INTO reproductions (
            id, protocol, dataset, runs, seed, epochs, train_pairs, test_pairs, grid_study, submitted_at)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          id, plan.protocol.rawValue, plan.dataset, plan.runs, plan.seed, plan.epochs, plan.trainPairs, plan.testPairs,
          grid.study.id, grid.study.submittedAt,
        ])
      return ReproductionRecord(
        id: id, plan: plan, gridStudy: grid.study.id, runsStudy: nil, submittedAt: grid.study.submittedAt)
    }
  }

  /// Submits the runs of reproductions whose grid has ended: each in a transaction that also records the study.
  ///
  /// - Parameter study: looks only at the reproduction with this grid.
  /// - Returns: what was submitted.
  package func advanceReproductions(ofGrid study: Int64? = nil) throws(StoreError) -> [Submission] {
    // Asked after every job, so that the common answer must be cheap and not wait for the writers.
    let due: [Int64] = try readOnce { try self.due($0, study) }
    var submissions: [Submission] = []
    for id in due {
      if let submission = try write({ try advance(id, $0) }) { submissions.append(submission) }
    }
    return submissions
  }

  /// All reproductions, newest first.
  package func reproductions() throws(StoreError) -> [ReproductionRecord] {
    try read { try records($0, "ORDER BY id DESC") }
  }

  /// A reproduction and the jobs of its studies as they are at one moment; nil if there is none of that id.
  package func reproduction(_ id: Int64) throws(StoreError) -> ReproductionProgress? {
    try read { database in
      guard let record = try records(database, "WHERE id = ?", [id]).first else { return nil }
      let seconds = try Double.fetchOne(
        database,
        sql: """
          SELECT 86400 * (julianday(max(finished_at)) - julianday(?)) FROM jobs WHERE study IN (?, ?)
          """,
        arguments: [record.submittedAt, record.gridStudy, record.runsStudy])
      return ReproductionProgress(
        record: record, grid: try jobs(of: record.gridStudy, database),
        runs: try record.runsStudy.map { try jobs(of: $0, database) }, wallSeconds: seconds ?? 0)
    }
  }

  private static func options(forced: Bool) throws(StoreError) -> StudyOptions {
    do { return try StudyOptions(validating: .normal, isForced: forced) } catch { throw .refused(error) }
  }

  /// Reproductions without runs whose grid has no job left to do.
  private func due(_ database: Database, _ study: Int64?) throws -> [Int64] {
    try Int64.fetchAll(
      database.cachedStatement(
        sql: """
          SELECT id FROM reproductions
          WHERE runs_study IS NULL AND (?1 IS NULL OR grid_study = ?1) AND NOT EXISTS (
            SELECT 1 FROM study_counts
            WHERE study = grid_study AND state IN ('queued', 'running', 'paused') AND jobs > 0)
          ORDER BY id
          """),
      arguments: [study])
  }

  private func advance(_ id: Int64, _ database: Database) throws -> Submission? {
    // Asked again, now that no other writer can come in between.
    guard let record = try records(database, "WHERE id = ?", [id]).first, record.runsStudy == nil else { return nil }
    let grid = try jobs(of: record.gridStudy, database)
    guard case .submitRuns(let choices) = ReproductionStep(grid: grid, runs: nil) else { return nil }
    // The runs are for the dataset that the grid was for, whatever its files are now.
    let cell = try Row.fetchOne(
      database, sql: "SELECT dataset_digest, forced FROM jobs WHERE study = ? LIMIT 1", arguments: [record.gridStudy])!
    let datasetDigest: String = cell[0]
    let specs = record.plan.freshRuns(of: choices.map(\.setting))
    let datasetDigests = [record.plan.dataset: datasetDigest]
    let submission = try insert(
      specs, named: try freeName("reproduction-\(id)-runs", database),
      digests: specDigests(of: specs, datasetDigests: datasetDigests), datasetDigests: datasetDigests,
      options: Self.options(forced: cell[1]), into: database)
    try database.execute(
      sql: "UPDATE reproductions SET runs_study = ? WHERE id = ?", arguments: [submission.study.id, id])
    return submission
  }

  private func records(
    _ database: Database, _ condition: String, _ arguments: StatementArguments = []
  ) throws -> [ReproductionRecord] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT id, protocol, dataset, runs, seed, epochs, train_pairs, test_pairs, grid_study, runs_study, submitted_at
        FROM reproductions \(condition)
        """,
      arguments: arguments)
    return try rows.map { row in
      let id: Int64 = row[0]
      guard let kind = ReproductionProtocol(rawValue: row[1]) else {
        throw StoreError.corrupt(path: path, reason: "reproduction \(id) has an unknown protocol")
      }
      do {
        let plan = try ReproductionPlan(
          protocol: kind, dataset: row[2], runs: row[3], seed: row[4], epochs: row[5], trainPairs: row[6],
          testPairs: row[7])
        return ReproductionRecord(id: id, plan: plan, gridStudy: row[8], runsStudy: row[9], submittedAt: row[10])
      } catch {
        throw StoreError.corrupt(path: path, reason: "reproduction \(id) has no valid plan: \(error)")
      }
    }
  }

  /// All jobs of a study in its order.
  private func jobs(of study: Int64, _ database: Database) throws -> [JobRecord] {
    try Row.fetchAll(
      database, sql: "\(JobColumns.select) WHERE jobs.study = ? ORDER BY jobs.id", arguments: [study]
    ).map { try JobColumns.record(in: $0, path: path) }
  }

  /// The name, or nil (for one made from the study's number) if somebody has it.
  private func freeName(_ name: String, _ database: Database) throws -> String? {
    try Self.isTaken(name, database) ? nil : name
  }
}
