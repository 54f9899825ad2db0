import Dispatch
import PairCore
import PairStore
import PairTraining
import StoreTesting
import Synchronization
import Testing

@testable import PairScheduler

/// Interrupted jobs through the scheduler, with runners that count instead of training.
@Suite struct ResumeTests {
  let directory: TemporaryDirectory
  let store: Store

  init() throws {
    directory = try TemporaryDirectory()
    store = try directory.open()
  }

  /// A checkpoint after so many epochs; its numbers say so too.
  private static func checkpoint(_ epochs: Int) -> Checkpoint {
    Checkpoint(
      model: .baseNet, batchNorm: false, numericsVersion: 1, progress: TrainingProgress(epochs: epochs),
      numbers: [Float(epochs)])
  }

  /// Epochs from the checkpoint's on, a checkpoint at each; it stops by itself before epoch `stop` until it is asked to.
  private func runner(
    stoppingAt stop: @escaping @Sendable (ClaimedJob) -> Int?, started: DispatchSemaphore,
    resumed: @escaping @Sendable (Checkpoint) throws(CheckpointError) -> Void = { _ throws(CheckpointError) in }
  ) -> Runner {
    { run in
      var epoch = 0
      run.resume { checkpoint throws(CheckpointError) in
        try resumed(checkpoint)
        epoch = checkpoint.progress.epochs
      }
      while epoch < run.job.spec.epochs {
        if epoch + 1 == stop(run.job) {
          started.signal()
          while run.ask() != .stop {}
          run.save(Self.checkpoint(epoch))
          return .stopped
        }
        epoch += 1
        run.record(EpochMetrics(test: epoch))
        if run.ask() == .save { run.save(Self.checkpoint(epoch)) }
      }
      return .finished(JobResult(testAccuracy: 0.5))
    }
  }

  @Test("A drained job goes on from where it stopped, and its duration is that of all its attempts")
  func drained() async throws {
    let started = DispatchSemaphore(value: 0)
    try store.submit(test: specs(seeds: 1...1, epochs: 6))
    let first = Scheduler(store: store, workers: 1, runner: runner(stoppingAt: { _ in 4 }, started: started)) {
      Issue.record($0)
    }
    first.start()
    await wait(for: started)
    try await Task.sleep(for: .milliseconds(50))
    await first.drain()
    #expect(try store.job(1)?.state == .queued)
    #expect(try store.epochs(of: 1).map(\.epoch) == [1, 2, 3])

    let offered = Mutex<[Checkpoint]>([])
    let second = Scheduler(
      store: store, workers: 1,
      runner: runner(
        stoppingAt: { _ in nil }, started: started,
        resumed: { checkpoint throws(CheckpointError) in offered.withLock { $0.append(checkpoint) } })
    ) { Issue.record($0) }
    second.start()
    await second.idle()
    #expect(offered.withLock { $0 } == [Self.checkpoint(3)])
    let job = try #require(try store.job(1))
    #expect(job.state == .succeeded && job.attempts == 2)
    #expect(try store.epochs(of: 1) == (1...6).map { EpochMetrics(test: $0) })
    #expect(try #require(job.durationSeconds) >= 0.05)
    await second.drain()
  }

  @Test("A checkpoint that the training refuses is dropped, and the job starts over")
  func refused() async throws {
    let started = DispatchSemaphore(value: 0)
    try store.submit(test: specs(seeds: 1...1, epochs: 6))
    let first = Scheduler(store: store, workers: 1, runner: runner(stoppingAt: { _ in 4 }, started: started)) {
      Issue.record($0)
    }
    first.start()
    await wait(for: started)
    await first.drain()
    let second = Scheduler(
      store: store, workers: 1,
      runner: runner(
        stoppingAt: { _ in nil }, started: started,
        resumed: { _ throws(CheckpointError) in throw CheckpointError(reason: "is not to a test's liking") })
    ) { Issue.record($0) }
    second.start()
    await second.idle()
    #expect(try store.job(1)?.state == .succeeded)
    #expect(try store.epochs(of: 1) == (1...6).map { EpochMetrics(test: $0) })
    await second.drain()
  }

  @Test("Checkpoints are asked for at the interval and no more often, or never with none")
  func interval() async throws {
    let cases: [(Duration?, Bool, seed: Int64)] = [(.zero, true, 1), (.seconds(3600), false, 2), (nil, false, 3)]
    for (interval, expected, seed) in cases {
      let asked = Mutex<Set<Bool>>([])
      let scheduler = Scheduler(
        store: store, workers: 1,
        runner: { run in
          for epoch in 1...run.job.spec.epochs {
            let request = run.ask()
            asked.withLock { _ = $0.insert(request == .save) }
            run.record(EpochMetrics(test: epoch))
          }
          return .finished(JobResult(testAccuracy: 1))
        }, checkpointInterval: interval, onFailure: { Issue.record($0) })
      try store.submit(test: specs(seeds: seed...seed, epochs: 20))
      scheduler.start()
      await scheduler.idle()
      #expect(asked.withLock { $0 } == [expected])
      await scheduler.drain()
    }
  }

  /// Long jobs wait in their third epoch until they are stopped for the first time; urgent ones have one epoch.
  private func busyScheduler(workers: Int, started: DispatchSemaphore) throws -> Scheduler {
    try store.submit(test: specs(seeds: 1...Int64(workers), epochs: 6))
    let scheduler = Scheduler(
      store: store, workers: workers,
      runner: runner(stoppingAt: { $0.attempt.number == 1 && $0.spec.epochs == 6 ? 3 : nil }, started: started)
    ) { Issue.record($0) }
    scheduler.start()
    return scheduler
  }

  @Test("An urgent job takes a busy worker, and the job that it stopped goes on from there", arguments: 1...3)
  func urgent(workers: Int) async throws {
    let started = DispatchSemaphore(value: 0)
    let scheduler = try busyScheduler(workers: workers, started: started)
    for _ in 1...workers { await wait(for: started) }
    let urgent = try specs(seeds: 50...50, epochs: 1)
    let submission = try scheduler.submit(
      urgent, datasetDigests: testDigests(of: urgent), options: StudyOptions(validating: .urgent))
    let id = submission.jobs.lowerBound
    while try store.job(id)?.state != .succeeded { try await Task.sleep(for: .milliseconds(2)) }
    // The one that was taken last has made room, and goes on; the others have not noticed.
    while try store.jobs(page: Page(.oldestFirst)).filter({ $0.state == .succeeded }).count < 2 {
      try await Task.sleep(for: .milliseconds(2))
    }
    await scheduler.drain()
    let long = try store.jobs(page: Page(.oldestFirst)).filter { $0.id != id }
    #expect(
      long.map(\.state).sorted { $0.rawValue > $1.rawValue } == [.succeeded]
        + Array(repeating: .queued, count: workers - 1))
    for job in long {
      #expect(job.attempts == (job.state == .succeeded ? 2 : 1))
      #expect(try store.epochs(of: job.id) == (1...(job.state == .succeeded ? 6 : 2)).map { EpochMetrics(test: $0) })
    }
  }

  @Test("A waiting job that is raised to urgent takes a busy worker too")
  func raised() async throws {
    let started = DispatchSemaphore(value: 0)
    let scheduler = try busyScheduler(workers: 1, started: started)
    await wait(for: started)
    let waiting = try specs(seeds: 50...50, epochs: 1)
    let id = try scheduler.submit(waiting, datasetDigests: testDigests(of: waiting)).jobs.lowerBound
    #expect(try scheduler.prioritise(JobFilter(jobs: [id]), as: .urgent) == [id])
    while try store.job(id)?.state != .succeeded { try await Task.sleep(for: .milliseconds(2)) }
    await scheduler.idle()
    #expect(try store.jobs(page: Page(.oldestFirst)).map(\.attempts) == [2, 1])
    await scheduler.drain()
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
