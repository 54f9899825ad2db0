import PairCore
import PairStore
import Synchronization

/// A job that a worker trains now.
package struct RunningJob: Hashable, Sendable {
  package var attempt: Attempt
  /// Counted from 1.
  package var worker: Int
  /// Epochs done, those of earlier attempts that it went on from included.
  package var epoch: Int
}

/// Asks one running job to stop; read at every step of the training.
final class StopFlag: Sendable {
  private let flag = Atomic(false)
  var isSet: Bool { flag.load(ordering: .relaxed) }
  func set() { flag.store(true, ordering: .relaxed) }
}

/// Who works on what. A pure state machine but for the stop flags: its methods say which workers to dispatch.
struct Roster {
  private var idle: [Int] = []
  private var jobs: [Int: (job: RunningJob, stop: StopFlag)] = [:]
  private let workers: Int
  private(set) var isDraining = false
  /// Raised by every submission. A worker that found the queue empty rests only if nothing has come since it looked.
  private(set) var version = 0

  init(workers: Int) { self.workers = workers }

  var running: [RunningJob] { jobs.values.map(\.job).sorted { $0.worker < $1.worker } }

  /// - Returns: all workers, to be dispatched; none after `drain`.
  mutating func start() -> [Int] { isDraining ? [] : Array(1...workers) }

  /// - Returns: the workers to be dispatched for so many new jobs.
  mutating func wake(for jobs: Int) -> [Int] {
    version += 1
    guard !isDraining else { return [] }
    let woken = Array(idle.sorted().prefix(jobs))
    idle.removeAll { woken.contains($0) }
    return woken
  }

  /// A worker has found the queue empty.
  ///
  /// - Returns: false if it should look again.
  mutating func rest(_ worker: Int, asOf version: Int) -> Bool {
    guard version == self.version || isDraining else { return false }
    idle.append(worker)
    return true
  }

  mutating func add(_ job: ClaimedJob) -> StopFlag {
    let stop = StopFlag()
    if isDraining { stop.set() }
    jobs[job.worker] = (RunningJob(attempt: job.attempt, worker: job.worker, epoch: 0), stop)
    return stop
  }

  mutating func advance(_ worker: Int, to epoch: Int) { jobs[worker]?.job.epoch = epoch }

  mutating func remove(_ worker: Int) { jobs[worker] = nil }

  func stop(_ attempts: [Attempt]) {
    let attempts = Set(attempts)
    for (job, stop) in jobs.values where attempts.contains(job.attempt) { stop.set() }
  }

  mutating func drain() {
    isDraining = true
    for (_, stop) in jobs.values { stop.set() }
  }
}
