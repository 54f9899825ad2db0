import Foundation
import GRDB
import Migrations
import PairCore
import StoreTesting
import Testing

@testable import PairStore

@Suite struct SchemaTests {
  let directory: TemporaryDirectory
  let store: Store

  /// Job 1 succeeded, 2 runs with one epoch, 3 is cancelled, 4 waits.
  init() throws {
    directory = try TemporaryDirectory()
    store = try directory.open()
    try store.submit(test: specs(seeds: 1...4))
    try store.run()
    let job = try #require(try store.claim(by: 1))
    try store.append([EpochMetrics(test: 1)], to: job.attempt)
    _ = try store.cancel(JobFilter(jobs: [3]), because: "a test")
  }

  @Test("The migrations compiled in are the files of the folder, in order and word for word")
  func migrations() throws {
    let folder = packageRoot.appendingPathComponent("migrations")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".sql") }
    #expect(Migrations.all.map { "\($0.name).sql" } == files.sorted())
    for (index, migration) in Migrations.all.enumerated() {
      let file = folder.appendingPathComponent("\(migration.name).sql")
      #expect(try String(contentsOf: file, encoding: .utf8) == migration.sql)
      let number = String(index + 1)
      #expect(migration.name.hasPrefix(String(repeating: "0", count: 4 - number.count) + number + "_"))
    }
  }

  static let illegal: [(what: String, sql: String)] = [
    ("a running job without worker", "UPDATE jobs SET state = 'running', started_at = submitted_at WHERE id = 4"),
    ("a worker for a queued job", "UPDATE jobs SET worker = 2 WHERE id = 4"),
    (
      "a second job for a worker",
      "UPDATE jobs SET state = 'running', worker = 1, attempts = 1, \(started) WHERE id = 4"
    ),
    ("a start without attempt", "UPDATE jobs SET state = 'running', worker = 2, \(started) WHERE id = 4"),
    ("a running job without start", "UPDATE jobs SET started_at = NULL WHERE id = 2"),
    ("a queued job with a start", "UPDATE jobs SET attempts = 1, \(started) WHERE id = 4"),
    ("an unfinished terminal job", "UPDATE jobs SET finished_at = NULL WHERE id = 1"),
    ("a finished queued job", "UPDATE jobs SET finished_at = submitted_at WHERE id = 4"),
    ("a cancelled job without reason", "UPDATE jobs SET reason = NULL WHERE id = 3"),
    ("a reason for success", "UPDATE jobs SET reason = 'luck' WHERE id = 1"),
    ("success without duration", "UPDATE jobs SET duration_seconds = NULL WHERE id = 1"),
    ("a duration of a queued job", "UPDATE jobs SET duration_seconds = 1 WHERE id = 4"),
    ("an unknown state", "UPDATE jobs SET state = 'lost' WHERE id = 4"),
    (
      "a second life for what succeeded",
      "UPDATE jobs SET state = 'queued', started_at = NULL, finished_at = NULL, duration_seconds = NULL WHERE id = 1"
    ),
    (
      "success without running",
      "UPDATE jobs SET state = 'succeeded', attempts = 1, duration_seconds = 1, \(started), \(finished) WHERE id = 4"
    ),
    (
      "success without outcome",
      "UPDATE jobs SET state = 'succeeded', worker = NULL, duration_seconds = 1, \(finished) WHERE id = 2"
    ),
    ("a paused job with a start", "UPDATE jobs SET state = 'paused', worker = NULL WHERE id = 2"),
    ("an end of a paused job", "UPDATE jobs SET state = 'paused', \(finished) WHERE id = 4"),
    ("a result reused without success", "UPDATE jobs SET reused_from = 1 WHERE id = 4"),
    (
      "a result reused by a forced job",
      "UPDATE jobs SET state = 'succeeded', forced = 1, reused_from = 1, \(finished) WHERE id = 4"
    ),
    (
      "a result reused from itself",
      "UPDATE jobs SET state = 'succeeded', reused_from = 4, \(finished) WHERE id = 4"
    ),
    ("a duration of what was not trained", "UPDATE jobs SET reused_from = 3 WHERE id = 1"),
    ("an audit that is not trained", "UPDATE jobs SET audit_of = 1 WHERE id = 4"),
    ("a priority above urgent", "UPDATE jobs SET priority = 4 WHERE id = 4"),
    ("more crashes than attempts", "UPDATE jobs SET crashes = 2 WHERE id = 2"),
    ("a study without workers", "UPDATE studies SET workers_max = 0"),
    ("a time limit of nothing", "UPDATE studies SET time_limit_seconds = 0"),
    ("a study that waits for itself", "INSERT INTO study_dependencies VALUES (1, 1)"),
    ("a study that waits for none", "INSERT INTO study_dependencies VALUES (1, 0)"),
    ("an empty label", "INSERT INTO study_labels VALUES (1, '')"),
    ("a second queue", "INSERT INTO queue (one) VALUES (2)"),
    (
      "a checkpoint of an attempt that was not",
      "INSERT INTO checkpoints SELECT 4, 1, \(checkpoint) FROM jobs WHERE id = 4"
    ),
    ("an unknown model", "UPDATE jobs SET model = 'LeNet' WHERE id = 4"),
    ("a certain dropout", "UPDATE jobs SET dropout = 1 WHERE id = 4"),
    ("a batch of more than there is", "UPDATE jobs SET batch_size = 1001 WHERE id = 4"),
    ("text for a number", "UPDATE jobs SET seed = 'one' WHERE id = 4"),
    ("an infinite learning rate", "UPDATE jobs SET learning_rate = 9e999 WHERE id = 4"),
    ("a digest that is none", "UPDATE jobs SET spec_digest = 'abc' WHERE id = 4"),
    ("a local time", "UPDATE jobs SET submitted_at = '2026-11-23 15:04:05' WHERE id = 4"),
    ("a job of no study", "UPDATE jobs SET study = 99 WHERE id = 4"),
    ("a second study of one name", "INSERT INTO studies (name, submitted_at) SELECT name, submitted_at FROM studies"),
    ("a gap in the epochs", "INSERT INTO epochs (job, epoch, train_loss, test_accuracy) VALUES (2, 3, 1, 1)"),
    ("an epoch twice", "INSERT INTO epochs (job, epoch, train_loss, test_accuracy) VALUES (2, 1, 1, 1)"),
    ("an epoch after the end", "INSERT INTO epochs (job, epoch, train_loss, test_accuracy) VALUES (1, 3, 1, 1)"),
    ("an infinite loss", "INSERT INTO epochs (job, epoch, train_loss, test_accuracy) VALUES (2, 2, 9e999, 1)"),
    ("more than all right", "INSERT INTO epochs (job, epoch, train_loss, test_accuracy) VALUES (2, 2, 1, 1.5)"),
    ("one digit's accuracy", "UPDATE epochs SET digit1_accuracy = 0.5 WHERE job = 2"),
    ("an ending without time", "UPDATE attempts SET ending = 'failed' WHERE job = 2"),
    ("an outcome of a job that ended", "INSERT INTO outcomes SELECT 3, 1, \(figures) FROM outcomes"),
    ("an outcome before the last epoch", "INSERT INTO outcomes SELECT 2, 1, \(figures) FROM outcomes"),
    ("an outcome without its attempt", "UPDATE outcomes SET attempt = 2"),
  ]
  private static let started = "started_at = submitted_at"
  private static let finished = "finished_at = submitted_at"
  private static let checkpoint = "spec_digest, 0, 0, 0, x'00', spec_digest, submitted_at"
  private static let figures = """
    train_accuracy, test_accuracy, train_loss, test_loss, train_errors, test_errors, digit1_accuracy, digit2_accuracy,
    weights_sha256
    """

  @Test("The tables refuse by themselves what must not be", arguments: illegal)
  func refuses(what: String, sql: String) throws {
    let before = try contents()
    let error = #expect(throws: DatabaseError.self) { try store.pool.write { try $0.execute(sql: sql) } }
    #expect([.SQLITE_CONSTRAINT].contains(error?.resultCode), "\(what): \(String(describing: error))")
    #expect(try contents() == before)
  }

  @Test("The table allows just the changes of state that JobState allows", arguments: JobState.allCases)
  func transitions(source: JobState) throws {
    for target in JobState.allCases {
      let events = JobState.Event.allCases.filter { source.after($0) == target }
      let error = try refusal(from: columns(of: source), to: columns(of: target))
      switch (source, target) {
      case (.running, .succeeded): #expect(error == "a job succeeds only with its outcome")
      // Only by reuse.
      case (.queued, .succeeded): #expect(error == "a job cannot change between these states")
      default:
        #expect(error == (events.isEmpty ? "a job cannot change between these states" : nil), "\(source) \(target)")
      }
    }
    let error = try refusal(from: columns(of: source), to: columns(of: .succeeded, reusing: true))
    switch source {
    case .queued: #expect(error == nil && source.after(.reuse) == .succeeded)
    case .running: #expect(error == "a job succeeds only with its outcome" && source.after(.reuse) == nil)
    default: #expect(error == "a job cannot change between these states" && source.after(.reuse) == nil)
    }
  }

  static let changing =
    "state, attempts, worker, submitted_at, started_at, finished_at, duration_seconds, reason, reused_from"

  /// Why the table refuses to give a job with the columns of `source` those of `target`; nil if it does not.
  private func refusal(from source: String, to target: String) throws -> String? {
    let kept =
      "study, \(Parameter.all.map(\.key).joined(separator: ", ")), dataset_digest, numerics_version, spec_digest"
    var error: DatabaseError?
    try store.pool.writeWithoutTransaction { database in
      try database.inTransaction {
        try database.execute(
          sql: """
            INSERT INTO jobs (\(kept), \(Self.changing)) SELECT \(kept), \(source) FROM jobs WHERE id = 1;
            UPDATE study_counts SET jobs = jobs + 1;
            """)
        do {
          try database.execute(
            sql: "UPDATE jobs SET (\(Self.changing)) = (\(target)) WHERE id = \(database.lastInsertedRowID)")
        } catch let refusal as DatabaseError {
          error = refusal
        }
        return .rollback
      }
    }
    return error?.message
  }

  /// From state to reason, as a job in that state has them.
  private func columns(of state: JobState, reusing: Bool = false) -> String {
    let time = "'2026-11-23T15:04:05.678Z'"
    let hasResult = state == .succeeded || !state.isTerminal
    return """
      '\(state.rawValue)', 1, \(state == .running ? "9" : "NULL"), \(time),
      \(state == .queued || state == .paused || reusing ? "NULL" : time), \(state.isTerminal ? time : "NULL"),
      \(state.isTerminal && !reusing ? "1" : "NULL"), \(hasResult ? "NULL" : "'why'"), \(reusing ? "1" : "NULL")
      """
  }

  @Test("A row of results says everything about a job that succeeded")
  func results() throws {
    let rows = try store.pool.read { try Row.fetchAll($0, sql: "SELECT * FROM results") }
    #expect(rows.count == 1)
    let row = try #require(rows.first)
    let record = try #require(try store.job(1))
    for parameter in Parameter.all {
      let index = try #require(row.columnNames.firstIndex(of: parameter.key))
      let value = SpecColumns.value(
        of: parameter, in: row, at: row.columnNames.distance(from: row.columnNames.startIndex, to: index))
      #expect(value == record.spec.values[parameter.key])
    }
    for metric in Metric.allCases { #expect(row.hasColumn(metric.rawValue)) }
    #expect(row["job"] as Int64 == 1)
    #expect(row["study"] as Int64 == 1)
    #expect(row["attempts"] as Int == 1)
    #expect(row["numerics_version"] as Int == 1)
    #expect(row["test_accuracy"] as Double == 0.5)
    #expect(row["duration_seconds"] as Double == 1.5)
    let texts: [(String, String?)] = [
      ("study_name", "study-1"), ("weights_sha256", record.result?.weightsSHA256),
      ("spec_digest", record.specDigest), ("dataset_digest", String(repeating: "da", count: 32)),
      ("program_version", "0.0.0"), ("instruction_set", "baseline"), ("host", "testhost"),
      ("submitted_at", record.submittedAt), ("started_at", record.startedAt), ("finished_at", record.finishedAt),
    ]
    for (column, text) in texts { #expect(row[column] as String? == text, "\(column)") }
  }

  private func contents() throws -> [Row] {
    try store.pool.read { database in
      try [
        "studies", "jobs", "attempts", "epochs", "outcomes", "study_counts", "study_labels", "study_dependencies",
        "queue", "checkpoints",
      ].flatMap {
        try Row.fetchAll(database, sql: "SELECT * FROM \($0)")
      }
    }
  }
}
