import Dispatch
import PairCore
import PairStore
import PairTraining
import StoreTesting
import Synchronization
import Testing

@testable import PairScheduler

@Suite struct SchedulerTests {
  let directory: TemporaryDirectory
  let store: Store

  init() throws {
    directory = try TemporaryDirectory()
    store = try directory.open()
  }

  /// A scheduler that must not lose its store.
  private func scheduler(workers: Int, runner: @escaping Runner) -> Scheduler {
    Scheduler(store: store, workers: workers, runner: runner) { Issue.record($0) }
  }

  private struct Refusal: Error, CustomStringConvertible { let description: String }

  @Test("All jobs run once with any number of workers, submitted before and after the start", arguments: 1...8)
  func runsAll(workers: Int) async throws {
    let runs = Mutex<[Int64: Int]>([:])
    let scheduler = scheduler(workers: workers) { run in
      runs.withLock { $0[run.job.id, default: 0] += 1 }
      for epoch in 1...run.job.spec.epochs { run.record(EpochMetrics(test: epoch)) }
      return .finished(JobResult(testAccuracy: 0.5))
    }
    for seeds in [1...20, 21...40] as [ClosedRange<Int64>] {
      try scheduler.store.submit(test: specs(seeds: seeds))
    }
    scheduler.start()
    for seed in 41...43 as ClosedRange<Int64> {
      _ = try scheduler.submit(specs(seeds: seed...seed), datasetDigests: testDigests(of: specs(seeds: 1...1)))
    }
    await scheduler.idle()
    #expect(try store.counts()[.succeeded] == 43)
    #expect(runs.withLock { $0 } == Dictionary(uniqueKeysWithValues: (1...43).map { ($0, 1) }))
    #expect(try store.epochs(of: 43).count == 2)
    #expect(scheduler.running.isEmpty)

    // Workers that rest wake up again.
    _ = try scheduler.submit(specs(seeds: 44...48), datasetDigests: testDigests(of: specs(seeds: 1...1)))
    await scheduler.idle()
    #expect(try store.counts()[.succeeded] == 48)
    #expect(runs.withLock { $0.count } == 48)
    await scheduler.drain()
  }

  @Test("A runner that throws fails its job with the reason, and the worker goes on")
  func runnerThrows() async throws {
    let scheduler = scheduler(workers: 1) { run in
      if run.job.spec.seed == 2 { throw Refusal(description: "the dataset is gone") }
      if run.job.spec.seed == 3 { return .diverged(epoch: 1) }
      for epoch in 1...run.job.spec.epochs { run.record(EpochMetrics(test: epoch)) }
      return .finished(JobResult(testAccuracy: 0.5))
    }
    try store.submit(test: specs(seeds: 1...4))
    scheduler.start()
    await scheduler.idle()
    let jobs = try store.jobs(page: Page(.oldestFirst))
    #expect(jobs.map(\.state) == [.succeeded, .failed, .diverged, .succeeded])
    #expect(jobs.map(\.reason) == [nil, "the dataset is gone", "loss was not finite in epoch 1", nil])
    #expect(jobs.allSatisfy { $0.durationSeconds != nil && $0.worker == nil })
  }

  @Test("A cancelled job stops at its next step, and what it still reports is not recorded")
  func cancelsRunning() async throws {
    let hasStarted = DispatchSemaphore(value: 0)
    let steps = Mutex(0)
    let scheduler = scheduler(workers: 1) { run in
      if run.job.spec.seed == 1 {
        run.record(EpochMetrics(test: 1))
        hasStarted.signal()
        while run.ask() != .stop { steps.withLock { $0 += 1 } }
        run.record(EpochMetrics(test: 2))
        return .finished(JobResult(testAccuracy: 1))
      }
      for epoch in 1...run.job.spec.epochs { run.record(EpochMetrics(test: epoch)) }
      return .finished(JobResult(testAccuracy: 0.5))
    }
    try store.submit(test: specs(seeds: 1...3))
    scheduler.start()
    await wait(for: hasStarted)
    #expect(scheduler.running == [RunningJob(attempt: Attempt(job: 1, number: 1), worker: 1, epoch: 1)])
    #expect(try scheduler.cancel(JobFilter(jobs: [1, 3])) == [1, 3])
    #expect(try store.job(1)?.state == .cancelled)
    await scheduler.idle()
    let jobs = try store.jobs(page: Page(.oldestFirst))
    #expect(jobs.map(\.state) == [.cancelled, .succeeded, .cancelled])
    #expect(jobs[0].result == nil && jobs[0].reason == "cancelled by request")
    await scheduler.drain()
    #expect(try store.epochs(of: 1).count <= 1)
  }

  @Test("A drain stops running jobs, queues them again without epochs, and starts nothing", arguments: [1, 3])
  func drains(workers: Int) async throws {
    let hasStarted = DispatchSemaphore(value: 0)
    let scheduler = scheduler(workers: workers) { run in
      run.record(EpochMetrics(test: 1))
      hasStarted.signal()
      while run.ask() != .stop {}
      return .stopped
    }
    try store.submit(test: specs(seeds: 1...9))
    scheduler.start()
    for _ in 1...workers { await wait(for: hasStarted) }
    #expect(scheduler.running.map(\.worker) == Array(1...workers))
    await scheduler.drain()
    #expect(try store.counts()[.queued] == 9)
    let jobs = try store.jobs(page: Page(.oldestFirst))
    #expect(jobs.map(\.attempts).reduce(0, +) == workers)
    #expect(jobs.allSatisfy { $0.epochsDone == 0 })
    _ = try scheduler.submit(specs(seeds: 1...1), datasetDigests: testDigests(of: specs(seeds: 1...1)))
    await scheduler.drain()
    #expect(try store.counts()[.queued] == 10)
    #expect(try store.recover().requeued.isEmpty)
  }

  @Test("A job that ends while the daemon drains is kept")
  func finishesWhileDraining() async throws {
    let hasStarted = DispatchSemaphore(value: 0)
    let scheduler = scheduler(workers: 1) { run in
      hasStarted.signal()
      while run.ask() != .stop {}
      for epoch in 1...run.job.spec.epochs { run.record(EpochMetrics(test: epoch)) }
      return .finished(JobResult(testAccuracy: 1))
    }
    try store.submit(test: specs(seeds: 1...1))
    scheduler.start()
    await wait(for: hasStarted)
    await scheduler.drain()
    #expect(try store.job(1)?.state == .succeeded)
  }

  @Test("A store that is lost is reported once, and every worker ends")
  func storeLost() async throws {
    let reported = Mutex<[StoreError]>([])
    let hasStarted = DispatchSemaphore(value: 0)
    let mayEnd = DispatchSemaphore(value: 0)
    let scheduler = Scheduler(
      store: store, workers: 2,
      runner: { run in
        hasStarted.signal()
        mayEnd.wait()
        for epoch in 1...run.job.spec.epochs { run.record(EpochMetrics(test: epoch)) }
        return .finished(JobResult(testAccuracy: 1))
      }, onFailure: { error in reported.withLock { $0.append(error) } })
    try store.submit(test: specs(seeds: 1...10))
    scheduler.start()
    for _ in 1...2 { await wait(for: hasStarted) }
    try store.close()
    for _ in 1...2 { mayEnd.signal() }
    await scheduler.idle()
    #expect(reported.withLock { $0.count } == 1)
  }

  /// Waits on a thread of its own, so that the cooperative pool is not blocked.
  private func wait(for semaphore: DispatchSemaphore) async {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        semaphore.wait()
        continuation.resume()
      }
    }
  }
}
