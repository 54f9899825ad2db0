import GRDB
import Glibc

/// What a database holds after the daemon has died, read from a copy, so that nothing is recovered on its behalf.
struct Snapshot {
  struct Job {
    var state: String
    var attempts: Int
    var isForced: Bool
    /// Why there is no result.
    var reason: String?
  }

  struct Study {
    var id: Int64
    var jobs: ClosedRange<Int64>
  }

  var jobs: [Int64: Job] = [:]
  /// The studies that are there, by name.
  var studies: [String: Study] = [:]
  /// For each job that succeeded or diverged, everything that is a function of its spec: the outcome or the reason, and
  /// all epochs, to the last bit.
  var outcomes: [Int64: Outcome] = [:]
  /// Every attempt that has ended, by job and number, with all there is to know about it.
  var endedAttempts: [String: String] = [:]
  /// How much there is of everything.
  var tally: [String: Int] = [:]
  /// What must never be.
  var violations: [String] = []

  struct Outcome: Hashable {
    var digest: String
    /// Numbers as they are in memory, so that equal means equal bits.
    var bits: [String]
  }

  /// - Parameter path: of the database of a daemon that does not run.
  init(of path: String, in directory: Directory) throws {
    let copy = "\(try directory.make("copy"))/pairnet.db"
    for suffix in ["", "-wal"] {
      unlink("\(copy)\(suffix)")
      guard access("\(path)\(suffix)", F_OK) == 0 else { continue }
      try write(bytes(of: "\(path)\(suffix)"), to: "\(copy)\(suffix)")
    }
    unlink("\(copy)-shm")
    guard access(copy, F_OK) == 0 else { return }
    let queue = try DatabaseQueue(path: copy)
    try queue.read { try read($0) }
    try queue.close()
  }

  private mutating func read(_ database: Database) throws {
    let integrity = try String.fetchAll(database, sql: "PRAGMA integrity_check")
    if integrity != ["ok"] { violations.append("integrity_check: \(integrity.prefix(3))") }
    // The daemon died before the schema was there.
    guard try Int.fetchOne(database, sql: "PRAGMA user_version") != 0 else { return }
    violations += try Invariants.violated(in: database)

    for row in try Row.fetchAll(database, sql: "SELECT id, state, attempts, forced, reason FROM jobs") {
      jobs[row[0]] = Job(state: row[1], attempts: row[2], isForced: row[3], reason: row[4])
    }
    for row in try Row.fetchAll(database, sql: "SELECT * FROM attempts WHERE ended_at IS NOT NULL") {
      endedAttempts["\(row["job"] as Int64).\(row["number"] as Int)"] = row.description
    }
    for row in try Row.fetchAll(
      database,
      sql: "SELECT name, study, min(jobs.id), max(jobs.id) FROM studies JOIN jobs ON study = studies.id GROUP BY name")
    {
      studies[row[0]] = Study(id: row[1], jobs: (row[2] as Int64)...(row[3] as Int64))
    }
    for row in try Row.fetchAll(
      database,
      sql: """
        SELECT 'jobs', count(*) FROM jobs UNION ALL SELECT 'forced', sum(forced) FROM jobs
        UNION ALL SELECT 'audits', count(audit_of) FROM jobs UNION ALL SELECT 'reused', count(reused_from) FROM jobs
        UNION ALL SELECT 'studies that wait', count(DISTINCT study) FROM study_dependencies
        UNION ALL SELECT 'jobs ' || state, count(*) FROM jobs GROUP BY state
        UNION ALL SELECT 'attempts', count(*) FROM attempts
        UNION ALL SELECT 'attempts ' || ending, count(*) FROM attempts WHERE ending IS NOT NULL GROUP BY ending
        """)
    {
      tally[row[0]] = row[1] ?? 0
    }
    let results = try Row.fetchAll(
      database,
      sql: """
        SELECT job, spec_digest, train_accuracy, test_accuracy, train_loss, test_loss, train_errors, test_errors,
          digit1_accuracy, digit2_accuracy, weights_sha256
        FROM results
        """)
    for row in results {
      outcomes[row[0]] = Outcome(digest: row[1], bits: row.databaseValues.dropFirst(2).map(Self.bits))
    }
    for row in try Row.fetchAll(database, sql: "SELECT id, spec_digest, reason FROM jobs WHERE state = 'diverged'") {
      outcomes[row[0]] = Outcome(digest: row[1], bits: [row[2]])
    }
    for row in try Row.fetchAll(
      database,
      sql: """
        SELECT id, epoch, train_loss, test_accuracy, epochs.digit1_accuracy, epochs.digit2_accuracy
        FROM jobs JOIN epochs ON job = coalesce(reused_from, id) WHERE state IN ('succeeded', 'diverged')
        ORDER BY id, epoch
        """)
    {
      outcomes[row[0]]?.bits += row.databaseValues.dropFirst(1).map(Self.bits)
    }
  }

  private static func bits(_ value: DatabaseValue) -> String {
    switch value.storage {
    case .double(let number): String(number.bitPattern, radix: 16)
    case .string(let text): text
    default: value.description
    }
  }
}

extension Snapshot {
  /// What was there once and is not any more, or not as it was: results and ended attempts stay as they are.
  func losses(since before: Snapshot) -> [String] {
    var found: [String] = []
    for id in before.jobs.keys.sorted() where jobs[id] == nil { found.append("job \(id) was there and is lost") }
    for (id, outcome) in before.outcomes.sorted(by: { $0.key < $1.key })
    where before.jobs[id]?.state == "succeeded" && outcomes[id] != outcome {
      found.append("the result of job \(id) has changed")
    }
    for (attempt, text) in before.endedAttempts.sorted(by: { $0.key < $1.key }) where endedAttempts[attempt] != text {
      found.append("attempt \(attempt) was \(text), and is \(endedAttempts[attempt] ?? "lost")")
    }
    return found
  }

  /// The attempt of each job that runs, in the database of a living daemon.
  static func running(in path: String) throws -> [Int64: Int] {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    return try queue.read { database in
      Dictionary(
        uniqueKeysWithValues: try Row.fetchAll(database, sql: "SELECT id, attempts FROM jobs WHERE state = 'running'")
          .map { ($0[0], $0[1]) })
    }
  }
}
