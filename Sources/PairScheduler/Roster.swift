import PairCore
import PairStore

/// A job that a worker trains now.
package struct RunningJob: Hashable, Sendable {
  package var attempt: Attempt
  /// Counted from 1.
  package var worker: Int
  /// Epochs done, those of earlier attempts that it went on from included.
  package var epoch: Int
  package var priority: Priority = .normal
}

/// Who works on what. A pure state machine but for the stop signals: its methods say which workers to dispatch.
struct Roster {
  private var idle: [Int] = []
  /// By worker; `turn` counts the jobs in the order in which they were taken.
  private var jobs: [Int: (job: RunningJob, stop: StopSignal, turn: Int)] = [:]
  private var turns = 0
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

  mutating func add(_ job: ClaimedJob) -> StopSignal {
    let stop = StopSignal()
    if isDraining { stop.raise(.stop) }
    turns += 1
    jobs[job.worker] = (
      RunningJob(attempt: job.attempt, worker: job.worker, epoch: 0, priority: job.priority), stop, turns
    )
    return stop
  }

  mutating func advance(_ worker: Int, to epoch: Int) { jobs[worker]?.job.epoch = epoch }

  /// The worker has left its job, which is recorded.
  mutating func remove(_ worker: Int) { jobs.removeValue(forKey: worker)?.stop.end() }

  mutating func setPriority(_ priority: Priority, of ids: Set<Int64>) {
    for (worker, running) in jobs where ids.contains(running.job.attempt.job) {
      jobs[worker]?.job.priority = priority
    }
  }

  /// - Returns: the signals of those of the attempts that run.
  @discardableResult
  func stop(_ attempts: [Attempt], because reason: StopReason) -> [StopSignal] {
    let attempts = Set(attempts)
    return raise(reason) { attempts.contains($0.attempt) }
  }

  /// - Returns: the signals of all that run.
  @discardableResult
  func stopAll(because reason: StopReason) -> [StopSignal] { raise(reason) { _ in true } }

  /// Asks as many jobs to stop as are needed for every urgent job to have a worker: those of the lowest priority first, of
  /// equals the one that was taken last, which has the least to lose by waiting. Urgent ones go on.
  ///
  /// - Parameter waiting: how many urgent jobs wait for a worker.
  func preempt(for waiting: Int) {
    guard !isDraining else { return }
    let staying = jobs.values.filter { $0.stop.reason == nil }
    // Whoever has no job takes the most urgent one next, and so does whoever is about to leave the one that he has.
    let free = workers - staying.count
    let victims = staying.filter { $0.job.priority < .urgent }
      .sorted { ($0.job.priority, $1.turn) < ($1.job.priority, $0.turn) }
    for victim in victims.prefix(max(0, waiting - free)) { victim.stop.raise(.preempt) }
  }

  private func raise(_ reason: StopReason, where isMeant: (RunningJob) -> Bool) -> [StopSignal] {
    let signals = jobs.values.filter { isMeant($0.job) }.map(\.stop)
    for signal in signals { signal.raise(reason) }
    return signals
  }

  mutating func drain() {
    isDraining = true
    stopAll(because: .stop)
  }
}
