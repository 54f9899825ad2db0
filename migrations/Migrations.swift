/// The database's schema, as numbered SQL that is compiled into the binary.
///
/// SwiftPM names the constant after the file, with the first digit made an underscore.
/// A file that has shipped is frozen: change the schema by appending `NNNN_name.sql` here and in `Package.swift`.
package enum Migrations {
  /// Every migration, in the order in which it is applied.
  package static let all: [(name: String, sql: String)] = [
    ("0001_queue", String(decoding: PackageResources._001_queue_sql, as: UTF8.self)),
    ("0002_reproductions", String(decoding: PackageResources._002_reproductions_sql, as: UTF8.self)),
    ("0003_control", String(decoding: PackageResources._003_control_sql, as: UTF8.self)),
  ]
}
