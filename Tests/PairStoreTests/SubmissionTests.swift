import PairCore
import StoreTesting
import Testing

@testable import PairStore

@Suite struct SubmissionTests {
  let directory: TemporaryDirectory
  let store: Store

  init() throws {
    directory = try TemporaryDirectory()
    store = try directory.open()
  }

  @Test("A grid comes back from the table as it was submitted, in its order and with consecutive ids")
  func roundTrip() throws {
    let grid = try Grid(validating: [
      "model": Model.allCases.map { .text($0.rawValue) }, "batch_norm": [.flag(false), .flag(true)],
      "dropout": [.number(0.1), .number(0.3)],
      "learning_rate": [.number(0.1), .number(1 / 3), .number(.leastNonzeroMagnitude)],
      "dataset": [.text("mnist"), .text("synthetic")], "shuffle": [.flag(true), .flag(false)],
      "evaluate_on": [.text("test"), .text("validation")],
      "seed": [.integer(0), .integer(.max)], "train_pairs": [.integer(500)], "test_pairs": [.integer(40)],
      "epochs": [.integer(3)], "batch_size": [.integer(20)],
    ])
    let specs = try grid.cells()
    let digests = ["mnist": String(repeating: "1", count: 64), "synthetic": String(repeating: "2", count: 64)]
    let submission = try store.submit(specs, named: "All values", datasetDigests: digests)
    #expect(submission.study.name == "All values" && submission.study.counts == ["queued": specs.count])
    #expect(submission.jobs.count == specs.count)
    let jobs = try store.jobs(page: Page(.oldestFirst))
    #expect(jobs.map(\.spec) == specs)
    #expect(jobs.map(\.id) == Array(submission.jobs))
    #expect(
      jobs.map(\.specDigest) == specs.map { $0.digest(datasetDigest: digests[$0.dataset]!, numericsVersion: 1) })
    #expect(jobs.allSatisfy { $0.submittedAt == submission.study.submittedAt && $0.state == .queued })
    #expect(try store.study(submission.study.id) == submission.study)
    #expect(try store.study(named: "All values") == submission.study)
  }

  @Test("A study without a name is named after its number")
  func defaultName() throws {
    #expect(try store.submit(test: specs(seeds: 1...1)).study.name == "study-1")
    #expect(try store.submit(test: specs(seeds: 1...1), named: "other").study.id == 2)
    #expect(try store.submit(test: specs(seeds: 1...1)).study.name == "study-3")
    #expect(try store.studies().map(\.name) == ["study-3", "other", "study-1"])
    #expect(try store.studies(limit: 1, before: 3).map(\.name) == ["other"])
  }

  @Test(
    "A name that cannot be a study's is refused, and nothing is submitted",
    arguments: ["", "12", "study-9", "study-", "a\nb", "taken", " a", String(repeating: "x", count: 101)])
  func refusedName(name: String) throws {
    try store.submit(test: specs(seeds: 1...1), named: "taken")
    let error = #expect(throws: StoreError.self) { try store.submit(test: specs(seeds: 1...5), named: name) }
    switch error {
    case .refusedName(name, _): #expect(["12", "study-9", "study-", "taken"].contains(name))
    case .refused(let error): #expect(error.key == "name" && error.value == name)
    default: Issue.record("\(String(describing: error))")
    }
    #expect(try store.counts()[.queued] == 1)
  }

  @Test("A submission for which the disk has no room leaves nothing behind, and the store goes on")
  func diskFull() throws {
    try store.submit(test: specs(seeds: 1...1))
    try store.pool.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA max_page_count = \(1 + (Int.fetchOne(database, sql: "PRAGMA page_count")!))")
    }
    #expect(throws: StoreError.diskFull(path: directory.databasePath)) {
      try store.submit(test: specs(seeds: 1...1000))
    }
    #expect(try store.counts()[.queued] == 1)
    #expect(try store.studies().count == 1)
    try store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
    #expect(try store.submit(test: specs(seeds: 1...1000)).study.id == 2)
  }
}
