import GRDB
import PairCore
import StoreTesting
import Testing

@testable import PairStore

@Suite("Audits in the store")
struct AuditStoreTests {
  let directory: TemporaryDirectory
  let store: Store
  let digests = ["mnist": String(repeating: "da", count: 32)]

  /// Five jobs that succeeded, and five that reuse them.
  init() throws {
    directory = try TemporaryDirectory()
    store = try directory.open()
    try store.submit(test: specs(seeds: 1...5))
    for _ in 1...5 { try store.run() }
    try store.submit(test: specs(seeds: 1...5))
  }

  private func audit(_ filter: JobFilter = JobFilter(), _ sample: SampleSize = .percent(100)) throws -> Submission? {
    try store.submitAudit(of: filter, sample: sample, seed: 7, datasetDigests: digests)
  }

  private func alter(_ sql: String) throws {
    try store.pool.writeWithoutTransaction { try $0.execute(sql: sql) }
  }

  @Test("An audit trains each result once more, and says that all is the same")
  func same() throws {
    let audit = try #require(try audit())
    #expect(audit.jobs.count == 5)
    let jobs = try store.jobs(matching: JobFilter(study: audit.study.id), page: Page(.oldestFirst))
    #expect(jobs.map(\.auditOf) == [1, 2, 3, 4, 5])
    #expect(jobs.allSatisfy { $0.isForced && $0.state == .queued && $0.priority == .low })
    #expect(try store.audit(3)?.left == 5)
    for _ in 1...5 { try store.run() }
    #expect(
      try store.audit(3)
        == AuditReport(study: try #require(try store.study(3)), equal: 5, different: [], unchecked: [], left: 0))
    #expect(try store.audit(1) == nil && store.audit(9) == nil)
    // Repetitions are neither figures of a table nor audited in their turn.
    let row = try #require(try store.aggregate().rows.first)
    #expect(row.n == 5 && row.others == ["repeated": 10])
    #expect(try self.audit()?.jobs.count == 5)
  }

  @Test("A reused result stands for its training, and one selected twice is repeated once")
  func reused() throws {
    let audit = try #require(try audit(JobFilter(study: 2, parameters: ["seed": [.integer(2), .integer(4)]])))
    #expect(try store.jobs(matching: JobFilter(study: audit.study.id)).map(\.auditOf) == [4, 2])
  }

  @Test("The same seed draws the same jobs, another one others")
  func draws() throws {
    func drawn(_ seed: UInt64) throws -> [Int64?] {
      let audit = try store.submitAudit(of: JobFilter(), sample: .jobs(2), seed: seed, datasetDigests: digests)
      return try store.jobs(matching: JobFilter(study: try #require(audit).study.id)).map(\.auditOf)
    }
    #expect(try drawn(1) == drawn(1))
    #expect(try Set((1...20).map(drawn)).count > 1)
    #expect(try audit(JobFilter(), .percent(1))?.jobs.count == 1)
  }

  static let alterations: [(sql: String, figure: String)] = [
    ("UPDATE outcomes SET weights_sha256 = replace(weights_sha256, '7', '8') WHERE job = 2", "weights_sha256"),
    ("UPDATE outcomes SET test_accuracy = test_accuracy + 1e-15 WHERE job = 2", "test_accuracy"),
    ("UPDATE outcomes SET train_accuracy = 0 WHERE job = 2", "train_accuracy"),
    ("UPDATE outcomes SET train_loss = 0.250001 WHERE job = 2", "train_loss"),
    ("UPDATE outcomes SET test_loss = 0 WHERE job = 2", "test_loss"),
    ("UPDATE outcomes SET train_errors = 251 WHERE job = 2", "train_errors"),
    ("UPDATE outcomes SET test_errors = 0 WHERE job = 2", "test_errors"),
    ("UPDATE outcomes SET digit1_accuracy = 1, digit2_accuracy = 1 WHERE job = 2", "digit1_accuracy"),
    ("UPDATE epochs SET train_loss = 0.9 WHERE job = 2 AND epoch = 2", "train_loss of epoch 2"),
    ("UPDATE epochs SET test_accuracy = 0.9 WHERE job = 2 AND epoch = 1", "test_accuracy of epoch 1"),
    ("DELETE FROM epochs WHERE job = 2 AND epoch = 2", "number of epochs"),
  ]

  @Test("One number altered in the database is found and named", arguments: alterations)
  func altered(alteration: (sql: String, figure: String)) throws {
    try alter(alteration.sql)
    let audit = try #require(try audit())
    for _ in 1...5 { try store.run() }
    let report = try #require(try store.audit(audit.study.id))
    #expect(report.equal == 4 && report.left == 0 && report.unchecked.isEmpty)
    #expect(report.different.map(\.job) == [2] && report.different.map(\.repetition) == [12])
    #expect(report.different.first?.differences.first?.figure == alteration.figure)
  }

  @Test("A repetition that diverges differs, and one that fails or is given up says nothing")
  func endings() throws {
    _ = try audit()
    for outcome in [JobOutcome.diverged(epoch: 1), .failed(reason: "a test")] {
      try store.finish(try #require(try store.claim(by: 1)).attempt, with: outcome, after: .zero)
    }
    _ = try store.cancel(JobFilter(jobs: [13]), because: "enough")
    let report = try #require(try store.audit(3))
    #expect(
      report.different.map(\.differences) == [
        [Difference(figure: "state", recorded: "succeeded", repeated: "diverged")]
      ])
    #expect(report.unchecked.map(\.state) == [.failed, .cancelled] && report.left == 2 && report.equal == 0)
  }

  @Test("Results of other numerics or other files are not repeated")
  func skipped() throws {
    #expect(try store.origins(ofResults: JobFilter()).map(\.jobs) == [5])
    #expect(try store.origins(ofResults: JobFilter(states: [.failed])).isEmpty)
    let none = try store.submitAudit(of: JobFilter(), sample: .jobs(5), seed: 1, datasetDigests: [:])
    #expect(none == nil)
    try store.close()
    // The lock is the old store's as long as it lives.
    let other = try TemporaryDirectory()
    try copyDatabase(from: directory, to: other)
    let newer = try other.open(numericsVersion: 2)
    #expect(try newer.origins(ofResults: JobFilter()).map(\.numericsVersion) == [1])
    #expect(try newer.submitAudit(of: JobFilter(), sample: .jobs(5), seed: 1, datasetDigests: digests) == nil)
  }
}
