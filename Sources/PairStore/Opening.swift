import GRDB
import GRDBSQLite
import Migrations

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension Store {
  /// "pnet": marks a file as a database of this program.
  static let applicationID: Int32 = 0x706E_6574

  static func openPool(at path: String) throws(StoreError) -> DatabasePool {
    try createFile(at: path)
    if let damage = JournalHeader.damage(at: "\(path)-wal") {
      throw .corrupt(
        path: "\(path)-wal",
        reason:
          "\(damage). Restore the directory from a backup, or move this file away to go on without its transactions")
    }
    do {
      let pool = try DatabasePool(path: path, configuration: configuration)
      // GRDB sets NORMAL for WAL databases, with which an acknowledged submission could be lost in a power failure.
      // 32 MiB of pages hold a large submission, which otherwise is written to the WAL over and over as it grows.
      try pool.writeWithoutTransaction {
        try $0.execute(sql: "PRAGMA synchronous = FULL; PRAGMA cache_size = -32768")
      }
      CrashPoint.pass("migrate.before")
      try pool.writeWithoutTransaction { try migrate($0, at: path) }
      CrashPoint.pass("migrate.committed")
      return pool
    } catch {
      throw StoreError(error, at: path)
    }
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "pairnet.store"
    configuration.foreignKeysEnabled = true
    // For others who write with tools of their own; the daemon's writers take turns before they get here.
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 4
    configuration.prepareDatabase { database in
      // Keeps the WAL and its index when the daemon stops: group members, who may not create them, can go on reading.
      var persists: CInt = 1
      sqlite3_file_control(database.sqliteConnection, "main", SQLITE_FCNTL_PERSIST_WAL, &persists)
      // A kept WAL is cut to nothing at close and to 64 MiB after a large transaction.
      try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
    }
    return configuration
  }

  /// Applies the migrations that the database lacks, all of them or none; `user_version` counts those it has.
  ///
  /// Foreign keys are off meanwhile, because a table is changed by making it anew and dropping the old one; they are
  /// checked at the end instead.
  private static func migrate(_ database: Database, at path: String) throws {
    // No effect within a transaction.
    try database.execute(sql: "PRAGMA foreign_keys = OFF")
    try database.inTransaction(.immediate) {
      try migrateInTransaction(database, at: path)
      return .commit
    }
    try database.execute(sql: "PRAGMA foreign_keys = ON")
  }

  private static func migrateInTransaction(_ database: Database, at path: String) throws {
    let known = Migrations.all.count
    let applied = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0
    guard application == applicationID || (isEmpty && applied == 0 && application == 0) else {
      throw StoreError.corrupt(path: path, reason: "another program made it (application_id \(application))")
    }
    guard applied <= known else { throw StoreError.newer(path: path, schema: applied, known: known) }
    guard applied < known else { return }
    for migration in Migrations.all.dropFirst(applied) {
      try database.execute(sql: migration.sql)
    }
    if let row = try Row.fetchOne(database, sql: "PRAGMA foreign_key_check") {
      throw StoreError.corrupt(
        path: path,
        reason:
          "a row of \(row[0] as String) belongs to one that is missing in \(row[2] as String); nothing was changed")
    }
    try database.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(known)")
    CrashPoint.pass("migrate.written")
  }
}

/// SQLite gives the files beside a database the database's own mode, so it is set before anything is in it.
///
/// A free function, because within `Store` the name `close` is the store's.
private func createFile(at path: String) throws(StoreError) {
  let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
  guard descriptor >= 0 else {
    throw .inaccessible(path: path, reason: "the database cannot be opened: \(String(cString: strerror(errno)))")
  }
  close(descriptor)
}
