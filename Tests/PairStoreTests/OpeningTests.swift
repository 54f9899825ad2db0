import Foundation
import GRDB
import Migrations
import PairCore
import StoreTesting
import Testing

@testable import PairStore

@Suite struct OpeningTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  @Test("A second daemon is refused and told who holds the directory")
  func locked() throws {
    let first = try directory.open()
    #expect(throws: StoreError.locked(directory: directory.path, pid: getpid())) { try directory.open() }
    _ = try first.counts()
  }

  @Test("The lock ends with its holder")
  func unlocked() throws {
    for _ in 1...3 {
      let store = try directory.open()
      try store.close()
    }
  }

  @Test("What was submitted is there after reopening")
  func reopened() throws {
    var store: Store? = try directory.open()
    try store?.submit(test: specs(seeds: 1...3), named: "kept")
    try store?.close()
    store = nil
    #expect(try directory.open().study(named: "kept")?.jobs == 3)
  }

  @Test("Commits wait for the disk, foreign keys hold, and the journal is a WAL")
  func pragmas() throws {
    let store = try directory.open()
    try store.pool.writeWithoutTransaction { database throws in
      #expect(try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2)
      #expect(try Int.fetchOne(database, sql: "PRAGMA foreign_keys") == 1)
      #expect(try String.fetchOne(database, sql: "PRAGMA journal_mode") == "wal")
      #expect(try Int.fetchOne(database, sql: "PRAGMA busy_timeout") == 5000)
    }
  }

  @Test("The group may read the files, others may not, and the WAL stays for readers when the daemon has stopped")
  func files() throws {
    let store = try directory.open()
    try store.submit(test: specs(seeds: 1...3))
    try store.close()
    for suffix in ["", "-wal", "-shm"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: directory.databasePath + suffix)
      let mode = try #require(attributes[.posixPermissions] as? NSNumber).intValue
      #expect(mode & 0o137 == 0, "\(suffix) has mode \(String(mode, radix: 8))")
    }
  }

  @Test("A database of a later version is refused, unchanged")
  func newer() throws {
    try directory.open().close()
    let database = try DatabaseQueue(path: directory.databasePath)
    try database.execute(sql: "PRAGMA user_version = 99")
    try database.close()
    #expect(
      throws: StoreError.newer(path: directory.databasePath, schema: 99, known: Migrations.all.count)
    ) { try directory.open() }
  }

  @Test("A file that is no database, or another program's, is refused and left as it is")
  func corrupt() throws {
    let text = Data(repeating: 0x41, count: 10_000)
    try text.write(to: URL(fileURLWithPath: directory.databasePath))
    expectCorrupt()
    #expect(try Data(contentsOf: URL(fileURLWithPath: directory.databasePath)) == text)

    try FileManager.default.removeItem(atPath: directory.databasePath)
    let other = try DatabaseQueue(path: directory.databasePath)
    try other.execute(sql: "CREATE TABLE songs (title TEXT)")
    try other.close()
    expectCorrupt()
  }

  @Test("A damaged page is reported as damage")
  func damaged() throws {
    let store = try directory.open()
    try store.submit(test: specs(seeds: 1...500))
    try store.close()
    let file = try #require(FileHandle(forUpdatingAtPath: directory.databasePath))
    for page in 1...10 {
      try file.seek(toOffset: UInt64(page * 4096))
      try file.write(contentsOf: Data(repeating: 0xFF, count: 4096))
    }
    try file.close()
    try? FileManager.default.removeItem(atPath: directory.databasePath + "-wal")
    let other = try TemporaryDirectory()
    try FileManager.default.moveItem(atPath: directory.databasePath, toPath: other.databasePath)
    let error = #expect(throws: StoreError.self) {
      let store = try other.open()
      _ = try store.jobs()
      _ = try store.recover()
      try store.run()
    }
    guard case .corrupt = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("A directory that is missing, a file, or cannot be written to is refused with its name")
  func inaccessible() throws {
    let file = "\(directory.path)/file"
    try Data().write(to: URL(fileURLWithPath: file))
    for path in ["\(directory.path)/missing", file, "/proc"] {
      let error = #expect(throws: StoreError.self) { try StateDirectory(locking: path) }
      guard case .inaccessible(let named, _) = error, named.hasPrefix(path) else {
        Issue.record("\(path): \(String(describing: error))")
        continue
      }
    }
  }

  private func expectCorrupt() {
    let error = #expect(throws: StoreError.self) { try directory.open() }
    guard case .corrupt(directory.databasePath, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
