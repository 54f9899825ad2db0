import Dispatch
import GRDBSQLite
import PairCore
import Synchronization

/// What a query of the user's own found.
package struct QueryAnswer: Hashable, Sendable {
  package var columns: [String]
  package var rows: [[SQLValue]]
  /// Why there may be more rows than these; nil if they are all.
  package var cut: String?
}

extension Store {
  /// At most so many queries at once, so that they never take the daemon's threads.
  package static let queriesMax = 4
  /// Bytes of an answer, after which it is cut.
  static let answerBytesMax = 64 << 20

  private static let queries = Mutex(0)

  /// Runs one statement that only reads, on a connection of its own.
  ///
  /// Three things each keep it from writing: the file is opened for reading, `query_only` is on, and an authorizer lets
  /// nothing pass but reading: no ATTACH, no transaction, no PRAGMA but those that describe the schema, no extension.
  ///
  /// - Parameters:
  ///   - rowsMax: rows after which the answer is cut.
  ///   - secondsMax: seconds after which the statement is interrupted.
  /// - Throws: `StoreError.refused` with SQLite's own words for what is wrong with the statement, or if it took too long
  ///   or too much memory; `.busy` if too many queries are under way.
  package func query(_ sql: String, rowsMax: Int, secondsMax: Double) throws(StoreError) -> QueryAnswer {
    let isAdmitted = Self.queries.withLock { count in
      guard count < Self.queriesMax else { return false }
      count += 1
      return true
    }
    guard isAdmitted else {
      throw .busy("\(Self.queriesMax) SQL queries are under way, and no more are taken at once; try again")
    }
    defer { Self.queries.withLock { $0 -= 1 } }
    let connection = try ReadOnlyConnection(path: path, secondsMax: secondsMax)
    return try connection.run(sql, rowsMax: rowsMax, bytesMax: Self.answerBytesMax)
  }
}

/// A connection that can only read, and only until its deadline.
private final class ReadOnlyConnection {
  private var connection: OpaquePointer?
  private let path: String
  private let secondsMax: Double
  fileprivate let deadline: ContinuousClock.Instant

  init(path: String, secondsMax: Double) throws(StoreError) {
    self.path = path
    self.secondsMax = secondsMax
    deadline = .now + .milliseconds(Int(secondsMax * 1000))
    let code = sqlite3_open_v2(path, &connection, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK else { throw .failed(path: path, reason: "cannot be opened to read: \(message)") }
    sqlite3_busy_timeout(connection, 1_000)
    guard sqlite3_exec(connection, "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF", nil, nil, nil) == SQLITE_OK
    else { throw .failed(path: path, reason: message) }
    // A single value, the statement itself, and how deep it may be.
    sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, 16 << 20)
    sqlite3_limit(connection, SQLITE_LIMIT_SQL_LENGTH, 1 << 20)
    sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0)
    sqlite3_set_authorizer(connection, authorize, nil)
    sqlite3_progress_handler(connection, 1_000, isOverdue, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit { sqlite3_close_v2(connection) }

  func run(_ sql: String, rowsMax: Int, bytesMax: Int) throws(StoreError) -> QueryAnswer {
    let statement = try prepare(sql)
    defer { sqlite3_finalize(statement) }
    let columns = (0..<sqlite3_column_count(statement)).map { index in
      sqlite3_column_name(statement, index).map { String(cString: $0) } ?? ""
    }
    var answer = QueryAnswer(columns: columns, rows: [], cut: nil)
    var bytes = 0
    while true {
      let code = sqlite3_step(statement)
      if code == SQLITE_DONE { return answer }
      guard code == SQLITE_ROW else { throw refusal(of: sql, code) }
      guard answer.rows.count < rowsMax else {
        answer.cut = "these are the first \(rowsMax) rows, and there are more"
        return answer
      }
      let row = columns.indices.map { Self.value(statement, CInt($0)) }
      bytes += row.reduce(0) { if case .text(let text) = $1 { $0 + text.utf8.count + 16 } else { $0 + 16 } }
      guard bytes <= bytesMax else {
        answer.cut =
          "these are the first \(answer.rows.count) rows; with more the answer would be over \(bytesMax) bytes"
        return answer
      }
      answer.rows.append(row)
    }
  }

  /// The one statement in `sql`; the caller finalizes it.
  private func prepare(_ sql: String) throws(StoreError) -> OpaquePointer {
    guard !sql.utf8.contains(0) else { throw refusal("the statement contains a zero byte", of: sql) }
    var bytes = Array(sql.utf8.map { CChar(bitPattern: $0) })
    bytes.append(0)
    var first: OpaquePointer?
    var second: OpaquePointer?
    let (code, rest) = bytes.withUnsafeBufferPointer { buffer in
      var tail: UnsafePointer<CChar>?
      let code = sqlite3_prepare_v2(connection, buffer.baseAddress, -1, &first, &tail)
      guard code == SQLITE_OK, let tail else { return (code, CInt(SQLITE_OK)) }
      // White space and comments may follow, another statement may not.
      return (code, sqlite3_prepare_v2(connection, tail, -1, &second, nil))
    }
    guard code == SQLITE_OK else { throw refusal(of: sql, code) }
    sqlite3_finalize(second)
    guard let first else { throw refusal("give a statement, as in SELECT count(*) FROM jobs", of: sql) }
    guard second == nil, rest == SQLITE_OK else {
      sqlite3_finalize(first)
      throw refusal("give one statement; more follows behind the first", of: sql)
    }
    guard sqlite3_stmt_readonly(first) != 0 else {
      sqlite3_finalize(first)
      throw refusal("only reading is possible here: SELECT, WITH … SELECT, VALUES or EXPLAIN", of: sql)
    }
    return first
  }

  private static func value(_ statement: OpaquePointer, _ column: CInt) -> SQLValue {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_NULL: return .null
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
    case SQLITE_FLOAT:
      let value = sqlite3_column_double(statement, column)
      return value.isFinite ? .real(value) : .text(String(value))
    case SQLITE_BLOB:
      let bytes = UnsafeRawBufferPointer(
        start: sqlite3_column_blob(statement, column), count: Int(sqlite3_column_bytes(statement, column)))
      let digits = Array("0123456789abcdef".utf8)
      return .text(
        "x'\(String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self))'")
    default:
      let text = UnsafeRawBufferPointer(
        start: sqlite3_column_text(statement, column), count: Int(sqlite3_column_bytes(statement, column)))
      return .text(String(decoding: text, as: UTF8.self))
    }
  }

  private var message: String { String(cString: sqlite3_errmsg(connection)) }

  private func refusal(of sql: String, _ code: CInt) -> StoreError {
    switch code & 0xFF {
    case SQLITE_INTERRUPT:
      return refusal("it was stopped after \(secondsMax) s, the longest that it may take", of: sql)
    case SQLITE_AUTH, SQLITE_READONLY:
      return refusal(
        "only reading is possible here (\(message)): SELECT, WITH … SELECT, VALUES or EXPLAIN", of: sql)
    case SQLITE_CORRUPT, SQLITE_NOTADB: return .corrupt(path: path, reason: message)
    case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_BUSY: return .failed(path: path, reason: message)
    // SQLite has no code of its own for some of what the authorizer denies.
    case _ where message.hasPrefix("not authorized"):
      return refusal("only reading is possible here (\(message)): SELECT, WITH … SELECT, VALUES or EXPLAIN", of: sql)
    default: return refusal(message, of: sql)
    }
  }

  private func refusal(_ reason: String, of sql: String) -> StoreError {
    .refused(
      SpecError(
        key: "sql", value: sql.count > 200 ? "\(sql.prefix(200))…" : sql, allowed: reason,
        isUnfit: true))
  }
}

/// Lets pass what reads and nothing else; called while a statement is prepared.
private func authorize(
  _ context: UnsafeMutableRawPointer?, _ action: CInt, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?,
  _ database: UnsafePointer<CChar>?, _ trigger: UnsafePointer<CChar>?
) -> CInt {
  switch action {
  case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: return SQLITE_OK
  case SQLITE_FUNCTION:
    return second.map { String(cString: $0).lowercased() } == "load_extension" ? SQLITE_DENY : SQLITE_OK
  case SQLITE_PRAGMA:
    let describing = [
      "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list",
    ]
    return first.map { describing.contains(String(cString: $0).lowercased()) } == true ? SQLITE_OK : SQLITE_DENY
  case SQLITE_UPDATE:
    // How SQLite declares a table-valued function, as json_each and pragma_table_info are, when one is first named. A
    // statement that says UPDATE sqlite_master SQLite itself refuses.
    return first.map { String(cString: $0) == "sqlite_master" } == true ? SQLITE_OK : SQLITE_DENY
  default: return SQLITE_DENY
  }
}

/// Asked every 1,000 steps of SQLite's virtual machine; anything but 0 interrupts the statement.
private func isOverdue(_ context: UnsafeMutableRawPointer?) -> CInt {
  guard let context else { return 0 }
  return Unmanaged<ReadOnlyConnection>.fromOpaque(context).takeUnretainedValue().deadline < .now ? 1 : 0
}
