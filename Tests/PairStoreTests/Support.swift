import Foundation
import GRDB
import StoreTesting

/// The package's folder, to read what is not compiled in.
let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// Copies a closed store's database.
func copyDatabase(from source: TemporaryDirectory, to target: TemporaryDirectory) throws {
  let database = try DatabaseQueue(path: source.databasePath)
  try database.execute(sql: "VACUUM INTO ?", arguments: [target.databasePath])
  try database.close()
}

extension DatabaseQueue {
  func execute(sql: String, arguments: StatementArguments = []) throws {
    try writeWithoutTransaction { try $0.execute(sql: sql, arguments: arguments) }
  }
}
