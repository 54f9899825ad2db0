import Foundation
import GRDB
import Migrations
import PairCore
import StoreTesting
import Testing

@testable import PairStore

/// A database of the second version, as its daemon left it, opened by this one.
@Suite struct MigrationTests {
  let directory: TemporaryDirectory
  /// What the old tables held, by table.
  let before: [String: [Row]]

  static let tables = ["studies", "jobs", "attempts", "epochs", "outcomes", "study_counts", "reproductions"]

  /// A job in every state, twice attempted where it ran; two studies and a reproduction of them.
  init() throws {
    directory = try TemporaryDirectory()
    let database = try DatabaseQueue(path: directory.databasePath)
    before = try database.writeWithoutTransaction { database in
      for migration in Migrations.all.prefix(2) { try database.execute(sql: migration.sql) }
      try database.execute(sql: "PRAGMA application_id = \(Store.applicationID); PRAGMA user_version = 2")
      let time = "2026-11-23T15:04:05.678Z"
      let digest = String(repeating: "da", count: 32)
      for study in 1...2 {
        try database.execute(
          sql: "INSERT INTO studies (id, name, submitted_at) VALUES (?, ?, ?)", arguments: [study, "s\(study)", time])
        for (index, state) in JobState.allCases.filter({ $0 != .paused }).enumerated() {
          let ran = state != .queued
          let ended = state.isTerminal
          try database.execute(
            sql: """
              INSERT INTO jobs (study, model, batch_norm, dropout, dataset, train_pairs, test_pairs, evaluate_on, epochs,
                batch_size, learning_rate, shuffle, seed, dataset_digest, numerics_version, spec_digest, state, attempts,
                worker, submitted_at, started_at, finished_at, duration_seconds, reason)
              VALUES (?, 'BaseNet', 0, 0.1, 'mnist', 1000, 1000, 'test', 1, 25, 0.1, 0, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)
              """,
            arguments: [
              study, index, digest, String(repeating: "\(study)\(index)", count: 32), ran ? "running" : "queued",
              ran ? 2 : 0, ran ? study * 10 + index : nil,
              time,
              ran ? time : nil, nil, nil, nil,
            ])
          guard ran else { continue }
          let job = database.lastInsertedRowID
          for number in 1...2 {
            try database.execute(
              sql: "INSERT INTO attempts VALUES (?, ?, 1, 'host', '0.0.0', 'avx2', ?, ?, ?)",
              arguments: [job, number, time, number == 1 ? time : nil, number == 1 ? "interrupted" : nil])
          }
          try database.execute(
            sql: "INSERT INTO epochs (job, epoch, train_loss, test_accuracy) VALUES (?, 1, 0.5, 0.25)", arguments: [job]
          )
          guard ended else { continue }
          if state == .succeeded {
            try database.execute(
              sql: "INSERT INTO outcomes VALUES (?, 2, 0.75, 0.5, 0.25, 0.5, 250, 500, NULL, NULL, ?)",
              arguments: [job, digest])
          }
          try database.execute(
            sql: """
              UPDATE jobs SET state = ?, worker = NULL, finished_at = ?, duration_seconds = 1.5, reason = ? WHERE id = ?
              """,
            arguments: [state.rawValue, time, state == .succeeded ? nil : "why", job])
        }
      }
      try database.execute(
        sql: "INSERT INTO reproductions VALUES (1, 'report', 'mnist', 10, 1, 30, 1000, 1000, 1, 2, ?)",
        arguments: [time])
      return try Self.contents(database)
    }
    try database.close()
  }

  static func contents(_ database: Database) throws -> [String: [Row]] {
    var contents: [String: [Row]] = [:]
    for table in tables + ["results"] {
      contents[table] = try Row.fetchAll(database, sql: "SELECT * FROM \(table)")
    }
    return contents
  }

  @Test("A database of the second version comes through with every row, count and result")
  func comesThrough() throws {
    let store = try directory.open()
    let after = try store.pool.read { database in
      #expect(try String.fetchOne(database, sql: "PRAGMA integrity_check") == "ok")
      #expect(try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").isEmpty)
      return try Self.contents(database)
    }
    for (table, old) in before {
      // Study counts have a row more a study, for paused jobs.
      let new = try #require(after[table]).filter { table != "study_counts" || $0["state"] as String != "paused" }
      #expect(old.count == new.count && !old.isEmpty, "\(table)")
      for (old, new) in zip(old, new) {
        for (column, value) in old {
          #expect(new[column] as DatabaseValue? == value, "\(table).\(column)")
        }
      }
    }
    #expect(try #require(after["study_counts"]).count == 14)
    for job in try #require(after["jobs"]) {
      #expect(job["priority"] as Int == 1 && job["forced"] as Int == 0 && job["crashes"] as Int == 0)
      #expect(job["audit_of"] as Int64? == nil && job["reused_from"] as Int64? == nil)
    }
  }

  @Test("A daemon goes on with it: running jobs are queued and trained, counts stay true, ids go on")
  func goesOn() throws {
    let store = try directory.open()
    #expect(try store.recover().requeued == [2, 8])
    for _ in 1...4 { #expect(try store.run() != nil) }
    #expect(try store.run() == nil)
    #expect(
      try store.counts() == [
        .queued: 0, .running: 0, .paused: 0, .succeeded: 6, .failed: 2, .diverged: 2, .cancelled: 2,
      ])
    let submission = try store.submit(test: specs(seeds: 1...1))
    #expect(submission.jobs == 13...13 && submission.study.id == 3)
  }

  @Test("What opens a database of the second version twice migrates it once")
  func once() throws {
    for _ in 1...2 {
      let store = try directory.open()
      #expect(try store.counts()[.succeeded] == 2)
      try store.close()
    }
  }

  @Test("Rows whose owner is missing keep the daemon from migrating, and stay as they are")
  func orphans() throws {
    let database = try DatabaseQueue(path: directory.databasePath)
    try database.execute(sql: "PRAGMA foreign_keys = OFF")
    try database.execute(sql: "UPDATE attempts SET job = 99 WHERE job = 8")
    try database.close()
    let error = #expect(throws: StoreError.self) { try directory.open() }
    guard case .corrupt(directory.databasePath, let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason == "a row of attempts belongs to one that is missing in jobs; nothing was changed")
    let unchanged = try DatabaseQueue(path: directory.databasePath)
    #expect(try unchanged.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 2)
    #expect(try unchanged.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM jobs") } == 12)
  }
}
