import Foundation
import GRDB
import PairCore
import PairStore

/// A store in a directory of its own, to be filled with as many jobs as wanted.
final class History {
  let path: String
  private(set) var store: Store!

  init(in path: String) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try open()
  }

  func open() throws {
    store = try Store(
      in: StateDirectory(locking: path), provenance: Provenance(numericsVersion: 1, instructionSet: "none"))
  }

  /// Closes the store, so that a daemon can have the directory.
  func close() throws {
    try store.close()
    store = nil
  }

  /// 100,000 jobs: 4 models x 2 x 5 dropouts x 2,500 seeds.
  static func grid(from seed: Int64, seeds: Int64 = 2_500) throws -> Grid {
    try Grid(validating: [
      "model": Model.allCases.map { .text($0.rawValue) }, "batch_norm": [.flag(false), .flag(true)],
      "dropout": [0, 0.1, 0.2, 0.5, 0.8].map { .number($0) }, "seed": (seed..<seed + seeds).map { .integer($0) },
      "epochs": [.integer(2)],
    ])
  }
  static let digests = ["mnist": String(repeating: "da", count: 32)]

  /// Lets the jobs up to that one succeed, a step for all of them at a time: one by one it would take an hour.
  func finish(upTo job: Int64) throws {
    let database = try DatabaseQueue(path: "\(path)/pairnet.db")
    let time = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
    let some = "FROM jobs WHERE state = 'running'"
    for sql in [
      """
      UPDATE jobs SET state = 'running', worker = id, attempts = attempts + 1, started_at = \(time)
      WHERE state = 'queued' AND id <= \(job)
      """,
      "INSERT INTO attempts SELECT id, attempts, worker, 'host', '0', 'none', started_at, \(time), 'succeeded' \(some)",
      "INSERT INTO epochs SELECT id, 1, 0.5, 0.7, NULL, NULL \(some)",
      "INSERT INTO epochs SELECT id, 2, 0.4, 0.8, NULL, NULL \(some)",
      "INSERT INTO outcomes SELECT id, attempts, 1, 0.8, 0.1, 0.5, 0, 200, NULL, NULL, dataset_digest \(some)",
      """
      UPDATE jobs SET state = 'succeeded', worker = NULL, duration_seconds = 1, finished_at = \(time)
      WHERE state = 'running'
      """,
    ] {
      try database.write { try $0.execute(sql: sql) }
    }
    try database.close()
  }
}
