import GRDB
import PairCore

/// Finds the queued job whose turn it is: of the highest priority the one that was submitted first, passing over those
/// that must wait.
///
/// - Nothing is taken while the queue is paused.
/// - A study waits while it has as many jobs running as it may, or while a study that it comes after has a job that is
///   queued, running or paused.
/// - A job whose digest is being trained waits for that result, unless it is forced.
/// - A job during which the daemon has died so often that the next death would set it aside runs alone, so that it is
///   not blamed for another's: it is taken when nothing runs, after the others of its priority and before those of a
///   lower one, and nothing is taken while it runs.
///
/// Each job or study that is passed over costs one seek in the index `jobs_waiting`, whatever its size: the ids of a
/// study are consecutive.
struct Turn {
  private let database: Database
  /// The number of crashes from which on a job runs alone.
  private let suspectCrashes: Int
  /// What was found out about a study: whether it must wait.
  private var waiting: [Int64: Bool] = [:]

  /// - Parameter crashLimit: the number of crashes that fails a job; 0 for none.
  init(database: Database, crashLimit: Int) {
    self.database = database
    suspectCrashes = Self.suspectCrashes(limit: crashLimit)
  }

  static func suspectCrashes(limit: Int) -> Int { limit > 1 ? limit - 1 : .max }

  /// - Returns: nil if nothing is queued, or what is queued must wait.
  mutating func next() throws -> Int64? {
    let facts = try Row.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT paused_at IS NOT NULL, EXISTS (SELECT 1 FROM jobs WHERE state = 'running'),
            EXISTS (SELECT 1 FROM jobs WHERE state = 'running' AND crashes >= ?)
          FROM queue
          """),
      arguments: [suspectCrashes])!
    let (isPaused, somethingRuns, suspectRuns): (Bool, Bool, Bool) = (facts[0], facts[1], facts[2])
    guard !isPaused, !suspectRuns else { return nil }
    let jobs = try database.cachedStatement(sql: Self.queuedJob)
    for priority in Priority.allCases.reversed() {
      var last: Int64 = 0
      var suspect: Int64?
      while let row = try Row.fetchOne(jobs, arguments: [priority.rank, last]) {
        let (id, study): (Int64, Int64) = (row[0], row[1])
        if try mustWait(study) {
          last = try Int64.fetchOne(database.cachedStatement(sql: Self.lastQueued), arguments: [study])!
        } else if row[3] {
          last = id
        } else if row[2] as Int >= suspectCrashes {
          suspect = suspect ?? id
          last = id
        } else {
          return id
        }
      }
      if let suspect { return somethingRuns ? nil : suspect }
    }
    return nil
  }

  /// The first queued job of a priority behind a job.
  static let queuedJob = """
    SELECT id, study, crashes, NOT forced AND EXISTS (
        SELECT 1 FROM jobs AS others WHERE others.state = 'running' AND others.spec_digest = jobs.spec_digest)
    FROM jobs WHERE state = 'queued' AND priority = ? AND id > ? ORDER BY id LIMIT 1
    """

  static let studyWaits = "SELECT \(studyMustWait) FROM studies WHERE id = ?"

  /// A condition on `studies`.
  static let studyMustWait = """
    (workers_max <= (SELECT jobs FROM study_counts WHERE study = studies.id AND state = 'running')) IS TRUE
      OR EXISTS (
        SELECT 1 FROM study_dependencies JOIN study_counts ON study_counts.study = study_dependencies.after
        WHERE study_dependencies.study = studies.id AND study_counts.state IN ('queued', 'running', 'paused')
          AND study_counts.jobs > 0)
    """

  static let lastQueued = "SELECT max(id) FROM jobs WHERE study = ? AND state = 'queued'"

  private mutating func mustWait(_ study: Int64) throws -> Bool {
    if let known = waiting[study] { return known }
    let waits = try Bool.fetchOne(database.cachedStatement(sql: Self.studyWaits), arguments: [study]) ?? false
    waiting[study] = waits
    return waits
  }
}
