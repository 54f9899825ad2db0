import Dispatch
import Glibc
import PairCore
import PairStore
import PairTraining
import StoreTesting
import Synchronization
import Testing

@testable import PairScheduler

/// What people ask of the queue, as the workers do it; with runners that wait instead of training.
@Suite(.serialized) struct ControlTests {
  let directory: TemporaryDirectory
  let store: Store

  init() throws {
    directory = try TemporaryDirectory()
    store = try directory.open()
  }

  /// A scheduler whose jobs of seed below 100 run until they are asked to stop; `started` is signalled for each.
  private func scheduler(workers: Int, started: DispatchSemaphore) -> Scheduler {
    Scheduler(
      store: store, workers: workers,
      runner: { run in
        if run.job.spec.seed < 100 {
          started.signal()
          while run.ask() != .stop { usleep(200) }
          return .stopped
        }
        for epoch in 1...run.job.spec.epochs { run.record(EpochMetrics(test: epoch)) }
        return .finished(JobResult(testAccuracy: 0.5))
      }, onFailure: { Issue.record($0) })
  }

  private func submit(
    _ scheduler: Scheduler, _ seeds: ClosedRange<Int64>, _ options: StudyOptions = StudyOptions()
  ) throws -> Submission {
    let specs = try specs(seeds: seeds)
    return try scheduler.submit(specs, datasetDigests: testDigests(of: specs), options: options)
  }

  /// Does what blocks on a thread of its own, so that the cooperative pool is not blocked.
  private func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue(label: "blocking").async { continuation.resume(with: Result { try work() }) }
    }
  }

  private func states() throws -> [JobState] { try store.jobs(page: Page(.oldestFirst)).map(\.state) }

  @Test(
    "Paused jobs are paused when the request returns, running ones too, and their workers go on", arguments: [1, 3])
  func pauses(workers: Int) async throws {
    let started = DispatchSemaphore(value: 0)
    let scheduler = scheduler(workers: workers, started: started)
    _ = try submit(scheduler, 1...4)
    scheduler.start()
    try await blocking { for _ in 1...workers { started.wait() } }
    let others = try submit(scheduler, 100...102)
    let paused = try await blocking { try scheduler.pause(JobFilter(study: 1)) }
    #expect(paused == [1, 2, 3, 4])
    #expect(try states().prefix(4).allSatisfy { $0 == .paused })
    await scheduler.idle()
    #expect(try store.study(others.study.id)?.count(.succeeded) == 3)
    #expect(try store.provenance(of: 1)?.attempts.map(\.ending) == ["paused"])

    #expect(try scheduler.resume(JobFilter(jobs: [2])) == [2])
    try await blocking { started.wait() }
    #expect(scheduler.running.map(\.attempt.job) == [2])
    await scheduler.drain()
    #expect(try states().prefix(4) == [.paused, .queued, .paused, .paused])
  }

  @Test("Pausing from many sides at once pauses each job once, and nothing is left running")
  func pausesConcurrently() async throws {
    let started = DispatchSemaphore(value: 0)
    let scheduler = scheduler(workers: 4, started: started)
    _ = try submit(scheduler, 1...12)
    scheduler.start()
    try await blocking { for _ in 1...4 { started.wait() } }
    try await withThrowingTaskGroup(of: [Int64].self) { group in
      for first in [1, 4, 7, 10] as [Int64] {
        group.addTask {
          try await blocking { try scheduler.pause(JobFilter(jobs: Array(first...first + 2))) }
        }
      }
      var paused: [Int64] = []
      for try await jobs in group { paused += jobs }
      #expect(paused.sorted() == Array(1...12))
    }
    await scheduler.idle()
    #expect(try states() == Array(repeating: .paused, count: 12))
    #expect(scheduler.running.isEmpty)
  }

  @Test("A paused queue stops what runs and takes nothing, and goes on when it is resumed")
  func pausesQueue() async throws {
    let started = DispatchSemaphore(value: 0)
    let scheduler = scheduler(workers: 2, started: started)
    _ = try submit(scheduler, 1...3)
    scheduler.start()
    try await blocking { for _ in 1...2 { started.wait() } }
    try await blocking { try scheduler.pauseQueue(stopsRunning: true) }
    #expect(try states() == [.queued, .queued, .queued])
    #expect(scheduler.running.isEmpty)
    #expect(try store.provenance(of: 1)?.attempts.map(\.ending) == ["stopped"])
    _ = try submit(scheduler, 100...101)
    await scheduler.idle()
    #expect(try store.counts()[.queued] == 5)
    try scheduler.resumeQueue()
    try await blocking { for _ in 1...2 { started.wait() } }
    #expect(scheduler.running.map(\.attempt.job).sorted() == [1, 2])
    await scheduler.drain()
  }

  @Test("A drained queue lets running jobs end and starts no other")
  func drainsQueue() async throws {
    let started = DispatchSemaphore(value: 0)
    let mayEnd = DispatchSemaphore(value: 0)
    let scheduler = Scheduler(
      store: store, workers: 2,
      runner: { run in
        started.signal()
        mayEnd.wait()
        for epoch in 1...run.job.spec.epochs { run.record(EpochMetrics(test: epoch)) }
        return .finished(JobResult(testAccuracy: 0.5))
      }, onFailure: { Issue.record($0) })
    _ = try submit(scheduler, 1...5)
    scheduler.start()
    try await blocking { for _ in 1...2 { started.wait() } }
    try scheduler.pauseQueue(stopsRunning: false)
    #expect(scheduler.running.count == 2)
    for _ in 1...2 { mayEnd.signal() }
    await scheduler.idle()
    #expect(try states() == [.succeeded, .succeeded, .queued, .queued, .queued])
    for _ in 1...3 { mayEnd.signal() }
    try scheduler.resumeQueue()
    await scheduler.idle()
    #expect(try store.counts()[.succeeded] == 5)
  }

  @Test("When the last job ends of a study that others wait for, all workers take of these", arguments: [1, 4])
  func wakesForDependents(workers: Int) async throws {
    let started = DispatchSemaphore(value: 0)
    let scheduler = scheduler(workers: workers, started: started)
    scheduler.start()
    await scheduler.idle()
    _ = try submit(scheduler, 100...100)
    _ = try submit(scheduler, 1...8, try StudyOptions(validating: .normal, after: [1]))
    try await blocking { for _ in 1...workers { started.wait() } }
    #expect(scheduler.running.map(\.worker) == Array(1...workers))
    #expect(try store.study(1)?.count(.succeeded) == 1)
    await scheduler.drain()
  }

  @Test("Cancelling or pausing what others wait for lets them go", arguments: [true, false])
  func wakesAfterControl(cancels: Bool) async throws {
    let started = DispatchSemaphore(value: 0)
    let scheduler = scheduler(workers: 2, started: started)
    _ = try submit(scheduler, 1...9, try StudyOptions(validating: .normal, workersMax: 1))
    if cancels {
      _ = try submit(scheduler, 100...100, try StudyOptions(validating: .normal, after: [1]))
    }
    scheduler.start()
    try await blocking { started.wait() }
    if cancels {
      #expect(try scheduler.cancel(JobFilter(study: 1)).count == 9)
      await scheduler.idle()
      #expect(try store.study(2)?.count(.succeeded) == 1)
    } else {
      #expect(try await blocking { try scheduler.pause(JobFilter(jobs: [1])) } == [1])
      // Its place in the study's one worker is free.
      try await blocking { started.wait() }
      #expect(scheduler.running.map(\.attempt.job) == [2])
    }
    await scheduler.drain()
  }

  @Test("A study runs on no more workers than it asked for, whatever else happens", arguments: 1...3)
  func limited(workers: Int) async throws {
    let running = Mutex((now: 0, most: 0))
    let scheduler = Scheduler(
      store: store, workers: 4,
      runner: { run in
        running.withLock {
          $0.now += 1
          $0.most = max($0.most, $0.now)
        }
        for epoch in 1...run.job.spec.epochs { run.record(EpochMetrics(test: epoch)) }
        running.withLock { $0.now -= 1 }
        return .finished(JobResult(testAccuracy: 0.5))
      }, onFailure: { Issue.record($0) })
    _ = try submit(scheduler, 1...30, try StudyOptions(validating: .normal, workersMax: workers))
    scheduler.start()
    await scheduler.idle()
    #expect(try store.counts()[.succeeded] == 30)
    #expect(running.withLock { $0.most } <= workers)
  }

  @Test("A job over its time limit fails at its next step, and says the limit and how far it was")
  func timeLimit() async throws {
    let started = DispatchSemaphore(value: 0)
    let scheduler = scheduler(workers: 1, started: started)
    _ = try submit(scheduler, 1...1, try StudyOptions(validating: .normal, timeLimitSeconds: 0.05))
    scheduler.start()
    await scheduler.idle()
    let job = try #require(try store.job(1))
    #expect(job.state == .failed && job.reason == "over its time limit of 0.05s: stopped in epoch 1 of 2")
    #expect(try #require(job.durationSeconds) >= 0.05)
  }

  @Test("A retried job runs again, and one that succeeded does not")
  func retries() async throws {
    let failing = Mutex(true)
    let scheduler = Scheduler(
      store: store, workers: 2,
      runner: { run in
        if failing.withLock({ $0 }) { return .diverged(epoch: 1) }
        for epoch in 1...run.job.spec.epochs { run.record(EpochMetrics(test: epoch)) }
        return .finished(JobResult(testAccuracy: 0.5))
      }, onFailure: { Issue.record($0) })
    _ = try submit(scheduler, 1...2)
    scheduler.start()
    await scheduler.idle()
    #expect(try states() == [.diverged, .diverged])
    failing.withLock { $0 = false }
    #expect(try scheduler.retry(JobFilter(study: 1)) == [1, 2])
    await scheduler.idle()
    #expect(try states() == [.succeeded, .succeeded])
    #expect(try scheduler.retry(JobFilter(study: 1)) == [])
  }

  @Test("A job that is given another priority while it runs shows it among the running")
  func prioritises() async throws {
    let started = DispatchSemaphore(value: 0)
    let scheduler = scheduler(workers: 1, started: started)
    _ = try submit(scheduler, 1...3)
    scheduler.start()
    try await blocking { started.wait() }
    #expect(try scheduler.prioritise(JobFilter(jobs: [1, 3]), as: .high) == [1, 3])
    #expect(scheduler.running.map(\.priority) == [.high])
    #expect(try await blocking { try scheduler.pause(JobFilter(jobs: [1])) } == [1])
    try await blocking { started.wait() }
    #expect(scheduler.running.map(\.attempt.job) == [3])
    await scheduler.drain()
  }
}
