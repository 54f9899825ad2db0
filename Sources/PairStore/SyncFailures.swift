import GRDB
import Synchronization

/// Failed fsyncs that no transaction is told about.
///
/// When the log is copied into the database after a commit, a failure of the copy is not the commit's, and SQLite tries
/// again with the next one. After a failed fsync that is not safe (see `Store.write`): the second one may succeed with
/// the bytes lost, and the log be used anew. SQLite says it in its error log, and nowhere else.
enum SyncFailures {
  private static let listeners = Mutex<[String: @Sendable (StoreError) -> Void]>([:])

  /// SQLite takes one error log for the process, before its first connection.
  private static let log: Void = {
    Database.logError = { code, message in
      guard code == .SQLITE_IOERR_FSYNC else { return }
      let found = listeners.withLock { listeners in listeners.filter { message.contains($0.key) } }
      for (path, listener) in found { listener(.ioError(path: path, reason: message)) }
    }
  }()

  /// Begins to watch; called before the first connection is opened.
  static func begin() { log }

  /// Calls `listener` on any thread, which must not use the database then, whenever a sync of the database at `path` or
  /// of its log fails.
  static func listen(at path: String, _ listener: @escaping @Sendable (StoreError) -> Void) {
    listeners.withLock { $0[path] = listener }
  }

  static func stopListening(at path: String) {
    listeners.withLock { $0[path] = nil }
  }
}
