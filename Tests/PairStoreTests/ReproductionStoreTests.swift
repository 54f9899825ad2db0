import Dispatch
import Foundation
import GRDB
import Migrations
import PairCore
import StoreTesting
import Synchronization
import Testing

@testable import PairStore

@Suite struct ReproductionStoreTests {
  let directory: TemporaryDirectory
  let store: Store
  let plan: ReproductionPlan
  private static let digest = String(repeating: "da", count: 32)

  init() throws {
    directory = try TemporaryDirectory()
    store = try directory.open()
    plan = try ReproductionPlan(dataset: "synthetic", runs: 2, epochs: 1, trainPairs: 50, testPairs: 20)
  }

  private func start(again: Bool = false) throws -> ReproductionRecord {
    try store.startReproduction(plan, datasetDigest: Self.digest, again: again)
  }

  private func runAll() throws {
    while try store.run() != nil {}
  }

  @Test("Nothing follows until the grid has ended; then there is one study of runs, whoever asks and however often")
  func advances() throws {
    let record = try start()
    #expect(try store.study(record.gridStudy)?.counts == ["queued": 40])
    for _ in 1..<40 { try store.run() }
    #expect(try store.advanceReproductions().isEmpty)
    try store.run()
    let submissions = Mutex<[Submission]>([])
    let store = store
    DispatchQueue.concurrentPerform(iterations: 16) { index in
      let found = try? store.advanceReproductions(ofGrid: index.isMultiple(of: 2) ? record.gridStudy : nil)
      submissions.withLock { $0 += found ?? [] }
    }
    #expect(submissions.withLock { $0.count } == 1)
    #expect(try store.advanceReproductions().isEmpty)
    #expect(try store.studies().count == 2)
    let progress = try #require(try store.reproduction(record.id))
    #expect(progress.record.runsStudy == submissions.withLock { $0[0].study.id })
    #expect(progress.runs?.map(\.spec.seed) == [2, 3, 2, 3, 2, 3, 2, 3])
    #expect(progress.step == .awaitRuns(left: 8))
    try runAll()
    #expect(try store.reproduction(record.id)?.step == .done)
  }

  @Test("What was cut off between the grid's end and the runs goes on after reopening")
  func reopened() throws {
    let record = try start()
    try runAll()
    try store.close()
    // The lock ends with the store, so the copy plays the part of the restarted daemon's directory.
    let other = try TemporaryDirectory()
    try copyDatabase(from: directory, to: other)
    let second = try other.open()
    _ = try second.recover()
    #expect(try second.advanceReproductions().count == 1)
    #expect(try second.reproduction(record.id)?.step == .awaitRuns(left: 8))
  }

  @Test("The same plan joins what is there, unless it is stuck, other data or another engine, or it is asked anew")
  func joins() throws {
    let first = try start()
    #expect(try start() == first)
    let other = try store.startReproduction(plan, datasetDigest: String(repeating: "ea", count: 32))
    #expect(other.id == 2)
    let clean = try store.startReproduction(
      ReproductionPlan(
        protocol: .clean, dataset: "synthetic", runs: 2, epochs: 1, trainPairs: 50, testPairs: 20),
      datasetDigest: Self.digest)
    #expect(clean.id == 3)
    #expect(try start() == first)
    #expect(try start(again: true).id == 4)
    _ = try store.cancel(JobFilter(study: try #require(try store.reproduction(4)).record.gridStudy), because: "a test")
    #expect(try store.advanceReproductions().isEmpty)
    #expect(try start() == first)
    _ = try store.cancel(JobFilter(study: first.gridStudy), because: "a test")
    #expect(try start().id == 5)
    #expect(try store.reproductions().map(\.id) == [5, 4, 3, 2, 1])
  }

  @Test("A study of somebody else's by the name of the runs holds nothing up")
  func takenName() throws {
    try store.submit(test: specs(seeds: 1...1), named: "reproduction-1-runs")
    let record = try start()
    try runAll()
    let submission = try #require(try store.advanceReproductions().first)
    #expect(submission.study.name == "study-\(submission.study.id)")
    #expect(try store.study(record.gridStudy)?.name == "reproduction-1-grid")
  }

  @Test("The runs are for the dataset that the grid was for, and the table refuses a second study of them")
  func table() throws {
    let record = try start()
    try runAll()
    let submission = try #require(try store.advanceReproductions().first)
    #expect(try store.provenance(of: submission.jobs.lowerBound)?.datasetDigest == Self.digest)
    #expect(throws: (any Error).self) {
      try store.pool.write {
        try $0.execute(sql: "UPDATE reproductions SET runs_study = NULL WHERE id = ?", arguments: [record.id])
      }
    }
    #expect(throws: (any Error).self) {
      try store.pool.write { try $0.execute(sql: "UPDATE reproductions SET protocol = 'other'") }
    }
  }

  @Test("A database of the first schema is migrated with all that is in it")
  func migrated() throws {
    let old = try TemporaryDirectory()
    let database = try DatabaseQueue(path: old.databasePath)
    try database.execute(sql: "PRAGMA journal_mode = WAL")
    try database.execute(sql: Migrations.all[0].sql)
    try database.execute(sql: "PRAGMA application_id = \(Store.applicationID); PRAGMA user_version = 1")
    try database.execute(
      sql: "INSERT INTO studies (name, submitted_at) VALUES ('old', '2026-11-23T15:04:05.678Z')")
    try database.close()
    let store = try old.open()
    #expect(try store.study(named: "old")?.id == 1)
    #expect(try store.startReproduction(plan, datasetDigest: Self.digest).gridStudy == 2)
  }

  @Test("A job's provenance names its dataset, its engine and every attempt")
  func provenance() throws {
    try store.submit(test: specs(seeds: 1...1))
    let job = try #require(try store.claim(by: 1))
    try store.requeue(job.attempt)
    try store.run(by: 2)
    let provenance = try #require(try store.provenance(of: job.id))
    #expect(provenance.datasetDigest == Self.digest && provenance.numericsVersion == 1)
    #expect(provenance.attempts.map(\.ending) == ["stopped", "succeeded"])
    #expect(provenance.attempts.map(\.worker) == [1, 2])
    #expect(provenance.attempts.allSatisfy { $0.host == "testhost" && $0.instructionSet == "baseline" })
    #expect(try store.provenance(of: 99) == nil)
  }
}
