import PairCore
import PairStore
import StoreTesting
import Testing

@Suite("Queries of the user's own") struct ReadOnlyQueryTests {
  let directory: TemporaryDirectory
  let store: Store

  init() throws {
    directory = try TemporaryDirectory()
    store = try directory.open()
    try store.submit(test: specs(seeds: 1...3))
    for accuracy in [0.5, 0.75, 1.0] { try store.run(testAccuracy: accuracy) }
  }

  private func refusal(_ sql: String, secondsMax: Double = 10) throws -> String {
    let error = try #require(throws: StoreError.self, "\(sql)") {
      try store.query(sql, rowsMax: 10, secondsMax: secondsMax)
    }
    guard case .refused(let reason) = error else {
      Issue.record("\(error) is no refusal")
      return ""
    }
    #expect(reason.key == "sql")
    return reason.allowed
  }

  @Test("A SELECT is answered with its columns and values")
  func select() throws {
    let answer = try store.query(
      "SELECT seed, test_accuracy AS accuracy, model, NULL, x'0aff', 9e999 FROM results ORDER BY seed; -- all",
      rowsMax: 10, secondsMax: 10)
    #expect(answer.columns == ["seed", "accuracy", "model", "NULL", "x'0aff'", "9e999"])
    #expect(answer.rows.count == 3 && answer.cut == nil)
    #expect(answer.rows[1] == [.integer(2), .real(0.75), .text("BaseNet"), .null, .text("x'0aff'"), .text("inf")])
    let plan = try store.query("EXPLAIN QUERY PLAN SELECT * FROM jobs", rowsMax: 10, secondsMax: 10)
    #expect(!plan.rows.isEmpty)
    let tables = try store.query("SELECT name FROM pragma_table_info('jobs')", rowsMax: 99, secondsMax: 10)
    #expect(tables.rows.contains([.text("batch_norm")]))
  }

  @Test("An answer is cut after the wanted rows, and says so only if there are more")
  func cut() throws {
    let some = try store.query("SELECT seed FROM jobs ORDER BY 1", rowsMax: 2, secondsMax: 10)
    #expect(some.rows == [[.integer(1)], [.integer(2)]])
    #expect(some.cut == "these are the first 2 rows, and there are more")
    #expect(try store.query("SELECT seed FROM jobs", rowsMax: 3, secondsMax: 10).cut == nil)
  }

  @Test(
    "What would write, attach, or set anything is refused",
    arguments: [
      "DELETE FROM jobs", "UPDATE jobs SET seed = 1", "INSERT INTO studies (name) VALUES ('x')", "DROP TABLE jobs",
      "CREATE TEMP TABLE t (a)",
      "UPDATE sqlite_master SET sql = ''", "ATTACH '/tmp/other.db' AS other", "ATTACH ':memory:' AS other",
      "DETACH main",
      "PRAGMA journal_mode = DELETE", "PRAGMA query_only = OFF", "PRAGMA user_version = 9", "PRAGMA wal_checkpoint",
      "VACUUM INTO '/tmp/copy.db'", "VACUUM", "BEGIN", "REINDEX", "ANALYZE", "SAVEPOINT s",
      "WITH x AS (SELECT 1) DELETE FROM jobs", "SELECT load_extension('/tmp/evil.so')",
    ])
  func writes(sql: String) throws {
    let reason = try refusal(sql)
    #expect(["only reading", "no such function", "may not be modified"].contains { reason.contains($0) }, "\(reason)")
    #expect(try store.counts()[.succeeded] == 3)
  }

  @Test(
    "What is no single statement is refused in SQLite's words",
    arguments: [
      ("SELECT 1; SELECT 2", "one statement"), ("", "give a statement"), ("-- nothing", "give a statement"),
      ("SELEC 1", "syntax error"), ("SELECT missing FROM jobs", "no such column: missing"),
      ("SELECT * FROM nowhere", "no such table: nowhere"), ("SELECT ?", ""), ("SELECT 1\0", "zero byte"),
      ("SELECT 1; DELETE FROM jobs", "one statement"), ("SELECT zeroblob(100000000)", "too big"),
    ])
  func statements(sql: String, reason: String) throws {
    if reason.isEmpty {
      #expect(try store.query(sql, rowsMax: 1, secondsMax: 1).rows == [[.null]])
    } else {
      #expect(try refusal(sql).contains(reason))
    }
  }

  @Test("A statement that never ends is stopped, and the store goes on")
  func endless() throws {
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    let start = ContinuousClock.now
    #expect(try refusal(endless, secondsMax: 0.2).contains("stopped after 0.2 s"))
    #expect(ContinuousClock.now - start < .seconds(20))
    try store.submit(test: specs(seeds: 4...4))
    #expect(try store.run() != nil)
    #expect(
      try store.query("SELECT count(*) FROM results", rowsMax: 1, secondsMax: 10).rows == [[.integer(4)]])
  }

  @Test("A long answer is cut before it fills the memory")
  func bytes() throws {
    let answer = try store.query(
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000) SELECT hex(zeroblob(500000)) FROM n
      """, rowsMax: 100_000, secondsMax: 60)
    #expect(answer.rows.count < 100 && answer.cut?.contains("bytes") == true)
  }
}
