import GRDB
import GRDBSQLite

/// A cached statement bound and stepped through SQLite's own interface, for those that run once a row of something
/// large: GRDB's arguments cost as much as the row.
///
/// Parameters are counted from 1 and keep their values from one run to the next. Used within one transaction.
struct FastStatement {
  private let database: Database
  private let statement: Statement
  private let handle: OpaquePointer
  /// Tells SQLite to copy what is bound.
  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  init(_ database: Database, sql: String) throws {
    self.database = database
    statement = try database.cachedStatement(sql: sql)
    handle = statement.sqliteStatement
  }

  func bind(_ text: String?, at index: CInt) {
    if let text { sqlite3_bind_text(handle, index, text, -1, Self.transient) } else { sqlite3_bind_null(handle, index) }
  }

  func bind(_ integer: Int64?, at index: CInt) {
    if let integer { sqlite3_bind_int64(handle, index, integer) } else { sqlite3_bind_null(handle, index) }
  }

  func bind(_ integer: Int, at index: CInt) { bind(Int64(integer), at: index) }

  func bind(_ truth: Bool, at index: CInt) { bind(truth ? 1 : 0, at: index) }

  func bind(_ real: Double?, at index: CInt) {
    if let real { sqlite3_bind_double(handle, index, real) } else { sqlite3_bind_null(handle, index) }
  }

  /// Runs a statement that answers no rows.
  func run() throws { _ = try firstInteger() }

  /// The first row's first column, or nil if there is no row.
  func firstInteger() throws -> Int64? {
    let code = sqlite3_step(handle)
    defer { sqlite3_reset(handle) }
    switch code {
    case SQLITE_ROW: return sqlite3_column_int64(handle, 0)
    case SQLITE_DONE: return nil
    default:
      throw DatabaseError(
        resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(database.sqliteConnection)),
        sql: statement.sql)
    }
  }
}
