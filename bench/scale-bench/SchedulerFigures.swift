import Dispatch
import Foundation
import PairCore
import PairScheduler
import PairStore

/// What a job costs the daemon besides its training: the real scheduler, recorder and store with a runner that trains
/// nothing, two workers and 30 epochs a job.
func measureScheduler(in directory: String, _ table: inout ScaleTable) throws {
  ScaleTable.heading("the daemon's own cost of a job of 30 epochs")
  let jobs: Int64 = 2_000
  let history = try History(in: "\(directory)/scheduler")
  let scheduler = Scheduler(
    store: history.store, workers: 2,
    runner: { run in
      for epoch in 1...run.job.spec.epochs {
        _ = run.ask()
        run.record(EpochMetrics(epoch: epoch, trainLoss: 0.5, testAccuracy: 0.8))
      }
      return .finished(
        JobResult(
          trainAccuracy: 1, testAccuracy: 0.8, trainLoss: 0.01, testLoss: 0.5, trainErrors: 0, testErrors: 200,
          weightsSHA256: String(repeating: "0123456789abcdef", count: 4)))
    }, onFailure: { fatalError("the store failed: \($0)") })
  let grid = try Grid(validating: ["seed": (1...jobs).map { .integer($0) }, "epochs": [.integer(30)]])
  _ = try history.store.submit(try grid.cells(), datasetDigests: History.digests)

  let start = processorMilliseconds()
  let milliseconds = wall {
    scheduler.start()
    // The main thread has nothing else to do, and no task runs on it.
    let done = DispatchSemaphore(value: 0)
    Task {
      await scheduler.idle()
      done.signal()
    }
    done.wait()
  }
  let processor = processorMilliseconds() - start
  let succeeded = try history.store.counts()[.succeeded]
  precondition(succeeded == Int(jobs), "every job succeeded")
  table.add("processor time a job", processor / Double(jobs), unit: "ms", limit: 1)
  table.add("wall time a job, two workers", milliseconds / Double(jobs), unit: "ms")
  try history.close()
}
