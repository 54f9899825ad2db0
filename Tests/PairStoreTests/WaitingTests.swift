import PairCore
import StoreTesting
import Testing

@testable import PairStore

/// What a job is said to wait for.
@Suite struct WaitingTests {
  let directory: TemporaryDirectory
  let store: Store

  init() throws {
    directory = try TemporaryDirectory()
    store = try directory.open()
  }

  @discardableResult
  private func submit(
    seeds: ClosedRange<Int64>, _ priority: Priority = .normal, after: [Int64] = [], workers: Int? = nil,
    forced: Bool = false
  ) throws -> Submission {
    let specs = try specs(seeds: seeds, epochs: 1)
    return try store.submit(
      specs, datasetDigests: testDigests(of: specs),
      options: StudyOptions(validating: priority, after: after, workersMax: workers, isForced: forced))
  }

  private func end(_ job: Int64) throws {
    try store.finish(Attempt(job: job, number: 1), with: .failed(reason: "a test"), after: .zero)
  }

  @Test("A queued job waits for those before it, then for a free worker; no other job waits")
  func turn() throws {
    try submit(seeds: 1...3)
    try submit(seeds: 4...4, .high)
    try submit(seeds: 5...5, .low)
    #expect(
      try (1...6).map { try store.wait(of: $0) }
        == [.turn(before: 1), .turn(before: 2), .turn(before: 3), .turn(before: 0), .turn(before: 4), nil])
    #expect(try store.claim(by: 1)?.id == 4)
    _ = try store.pause(JobFilter(jobs: [2]))
    #expect(
      try (1...5).map { try store.wait(of: $0) }
        == [.turn(before: 0), nil, .turn(before: 1), nil, .turn(before: 2)])
  }

  @Test("The queue's pause, the studies before, the study's limit and the same training are told, each until it ends")
  func reasons() throws {
    try submit(seeds: 1...3, workers: 1)
    try submit(seeds: 1...1)
    try submit(seeds: 1...1, forced: true)
    try submit(seeds: 9...9, .urgent, after: [1, 2])
    #expect(try store.claim(by: 1)?.id == 1)
    _ = try store.pause(JobFilter(jobs: [3]))
    #expect(try store.wait(of: 2) == .studyLimit(study: 1, workersMax: 1))
    #expect(try store.wait(of: 4) == .sameTraining(job: 1))
    #expect(try store.wait(of: 5) == .turn(before: 1))
    #expect(
      try store.wait(of: 6)
        == .studiesBefore([
          .init(study: 1, counts: [.queued: 1, .running: 1, .paused: 1]), .init(study: 2, counts: [.queued: 1]),
        ]))
    // What is said agrees with what is claimed: only the forced job may run.
    #expect(try store.claim(by: 2)?.id == 5)
    #expect(try store.claim(by: 3) == nil)
    try store.pauseQueue()
    let since = try #require(try store.queuePausedAt())
    for job: Int64 in [2, 4, 6] { #expect(try store.wait(of: job) == .queuePaused(since: since)) }
    try store.resumeQueue()
    try end(5)
    try end(1)
    #expect(try store.wait(of: 2) == .turn(before: 0))
    #expect(try store.wait(of: 4) == .turn(before: 1))
    _ = try store.cancel(JobFilter(jobs: [2, 3, 4]), because: "a test")
    #expect(try store.wait(of: 6) == .turn(before: 0))
  }

  @Test("A job that may have brought down the daemon says that it runs alone, and the others wait for it")
  func suspects() throws {
    try submit(seeds: 1...2)
    for _ in 1...2 {
      #expect(try store.claim(by: 1)?.id == 1)
      #expect(try store.recover().requeued == [1])
    }
    #expect(try store.wait(of: 1) == .runsAlone(crashes: 2))
    _ = try store.pause(JobFilter(jobs: [2]))
    #expect(try store.claim(by: 1)?.id == 1)
    _ = try store.resume(JobFilter(jobs: [2]))
    #expect(try store.wait(of: 2) == .suspectRuns(job: 1))
    #expect(try store.claim(by: 2) == nil)
  }
}
