import GRDB

/// Times as the tables hold them: `2026-11-23T15:04:05.678Z`.
enum Timestamp {
  /// An SQL expression for the present; it has one value within a statement.
  static let now = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
}

extension Database {
  /// The present, to be used for several statements of a transaction.
  func now() throws -> String {
    try String.fetchOne(cachedStatement(sql: "SELECT \(Timestamp.now)"))!
  }
}
