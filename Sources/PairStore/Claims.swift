import GRDB
import PairCore

extension Store {
  /// Takes the job whose turn it is for a worker that has none, and opens the attempt; `Turn` says which that is.
  ///
  /// - Parameter worker: counted from 1.
  /// - Returns: nil if nothing is queued that has to be trained, or what is queued must wait.
  package func claim(by worker: Int) throws(StoreError) -> ClaimedJob? { try assign(to: worker).job }

  /// Takes a job as `claim` does; those before it whose results are there are given these.
  package func assign(to worker: Int) throws(StoreError) -> Assignment {
    var assignment = Assignment()
    var isDone = false
    while !isDone {
      isDone = try write(as: "claim(by:)") { database in
        var turn = Turn(database: database, crashLimit: crashLimit)
        let trained = try TrainedJobs(database)
        for _ in 0..<Self.settledMax {
          guard let id = try turn.next() else { return true }
          guard let study = try settle(id, trained, database) else {
            assignment.job = try take(id, for: worker, database)
            return true
          }
          assignment.settled.insert(study)
        }
        return false
      }
    }
    return assignment
  }

  private func take(_ id: Int64, for worker: Int, _ database: Database) throws -> ClaimedJob {
    let claim = try database.cachedStatement(
      sql: """
        UPDATE jobs
        SET state = '\(Transition.claim.target.rawValue)', worker = ?, attempts = attempts + 1,
          started_at = \(Timestamp.now)
        WHERE id = ?
        RETURNING id, attempts, study, dataset_digest, started_at, priority,
          (SELECT time_limit_seconds FROM studies WHERE studies.id = jobs.study), \(SpecColumns.list)
        """)
    let row = try Row.fetchOne(claim, arguments: [worker, id])!
    let attempt = Attempt(job: row[0], number: row[1])
    try database.cachedStatement(
      sql: """
        INSERT INTO attempts (job, number, worker, host, program_version, instruction_set, started_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      attempt.job, attempt.number, worker, provenance.host, provenance.programVersion, provenance.instructionSet,
      row[4] as String,
    ])
    return ClaimedJob(
      attempt: attempt, study: row[2],
      spec: try SpecColumns.spec(in: row, from: 7, job: attempt.job, path: path),
      datasetDigest: row[3], worker: worker, priority: Priority(rank: row[5]) ?? .normal, timeLimitSeconds: row[6])
  }

  /// Adds epochs to the running attempt's record; they must follow those that are there, from 1.
  ///
  /// - Throws: `StoreError.superseded` if the attempt is not its job's running one; then nothing was added.
  package func append(_ epochs: [EpochMetrics], to attempt: Attempt) throws(StoreError) {
    try write { try $0.append(epochs, to: attempt) }
  }

  /// Ends the running attempt and its job, with the result if there is one.
  ///
  /// - Parameter duration: wall-clock time of the training, over all attempts that it went on through.
  /// - Throws: `StoreError.superseded` if the attempt is not its job's running one; then nothing was written.
  package func finish(
    _ attempt: Attempt, with outcome: JobOutcome, after duration: Duration
  ) throws(StoreError) {
    try write { try $0.finish(attempt, with: outcome, after: duration) }
  }

  /// Puts the job of a running attempt back into the queue, or aside if somebody paused it, without the epochs after its
  /// checkpoint.
  ///
  /// - Throws: `StoreError.superseded` if the attempt is not its job's running one.
  package func requeue(_ attempt: Attempt, as interruption: Interruption = .stopped) throws(StoreError) {
    try write { try $0.requeue(attempt, as: interruption) }
  }
}

/// What one attempt may write, to be used within a transaction; all of it refused once the attempt is superseded.
extension Database {
  func append(_ epochs: [EpochMetrics], to attempt: Attempt) throws {
    try requireRunning(attempt)
    let insertion = try FastStatement(
      self,
      sql: """
        INSERT INTO epochs (job, epoch, train_loss, test_accuracy, digit1_accuracy, digit2_accuracy)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        """)
    insertion.bind(attempt.job, at: 1)
    for metrics in epochs {
      insertion.bind(metrics.epoch, at: 2)
      insertion.bind(metrics.trainLoss, at: 3)
      insertion.bind(metrics.testAccuracy, at: 4)
      insertion.bind(metrics.digit1Accuracy, at: 5)
      insertion.bind(metrics.digit2Accuracy, at: 6)
      try insertion.run()
    }
    CrashPoint.pass("epochs.written", job: attempt.job)
  }

  func finish(_ attempt: Attempt, with outcome: JobOutcome, after duration: Duration) throws {
    try requireRunning(attempt)
    guard let state = JobState.running.after(outcome.event) else {
      preconditionFailure("a running job can \(outcome.event)")
    }
    if case .succeeded(let result) = outcome { try insert(result, of: attempt) }
    let now = try now()
    try cachedStatement(
      sql: """
        UPDATE jobs SET state = ?, worker = NULL, finished_at = ?, duration_seconds = ?, reason = ? WHERE id = ?
        """
    ).execute(arguments: [state.rawValue, now, duration.seconds, outcome.reason, attempt.job])
    try close(attempt, as: state.rawValue, at: now)
    CrashPoint.pass("end.written", job: attempt.job)
  }

  func requeue(_ attempt: Attempt, as interruption: Interruption) throws {
    try requireRunning(attempt)
    try deleteEpochsAfterCheckpoint(ofJobs: "= ?", arguments: [attempt.job])
    guard let state = JobState.running.after(interruption.event) else {
      preconditionFailure("a running job can \(interruption.event)")
    }
    try cachedStatement(
      sql: "UPDATE jobs SET state = ?, worker = NULL, started_at = NULL WHERE id = ?"
    ).execute(arguments: [state.rawValue, attempt.job])
    try close(attempt, as: interruption.rawValue, at: try now())
    CrashPoint.pass("return.written", job: attempt.job)
  }

  func requireRunning(_ attempt: Attempt) throws {
    let isRunning = try Bool.fetchOne(
      cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM jobs WHERE id = ? AND state = 'running' AND attempts = ?)"),
      arguments: [attempt.job, attempt.number])
    guard isRunning == true else { throw StoreError.superseded(attempt) }
  }

  private func insert(_ result: JobResult, of attempt: Attempt) throws {
    try cachedStatement(
      sql: """
        INSERT INTO outcomes (
          job, attempt, train_accuracy, test_accuracy, train_loss, test_loss, train_errors, test_errors,
          digit1_accuracy, digit2_accuracy, weights_sha256)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      attempt.job, attempt.number, result.trainAccuracy, result.testAccuracy, result.trainLoss, result.testLoss,
      result.trainErrors, result.testErrors, result.digit1Accuracy, result.digit2Accuracy, result.weightsSHA256,
    ])
  }

  func close(_ attempt: Attempt, as ending: String, at time: String) throws {
    try cachedStatement(
      sql: "UPDATE attempts SET ended_at = ?, ending = ? WHERE job = ? AND number = ?"
    ).execute(arguments: [time, ending, attempt.job, attempt.number])
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
