import Dispatch
import Logging
import PairCore
import PairStore
import Synchronization

/// The worker pool: takes jobs from the store, trains them and records what comes of it.
///
/// One job is one worker is one thread. A worker without a job has no thread either: it is dispatched when something is
/// submitted and goes when the queue is empty, so that an idle daemon costs nothing.
///
/// Submissions and cancellations go through the scheduler, so that workers wake up and stop; queries go to the store.
package final class Scheduler: Sendable {
  package let store: Store
  /// How many jobs run at a time.
  package let workers: Int

  private let runner: Runner
  private let checkpointInterval: Duration?
  private let logger: Logger
  private let onChange: @Sendable (Int64) -> Void
  let recorder: Recorder
  private let failures: FailureReport
  private let queues: [DispatchQueue]
  private let busy = DispatchGroup()
  let roster: Mutex<Roster>
  /// Held while jobs are claimed and while they are cancelled or paused, so that a job cannot be cancelled after it was
  /// claimed and before the roster knows whom to stop. Taken before `roster`, never after.
  let claiming = Mutex(())

  /// - Parameters:
  ///   - store: recovered already.
  ///   - workers: at least 1.
  ///   - checkpointInterval: how long a crash may throw a training back; nil takes checkpoints only at a stop.
  ///   - onFailure: called once, on any thread, when the store can no longer be written to. The process must end then:
  ///     what was not recorded is redone after the next start.
  ///   - onChange: called on any thread after a worker took a job of that study, did an epoch of it or left it, once
  ///     queries and `running` show it. It returns at once. Progress requests wait for it instead of polling.
  package init(
    store: Store, workers: Int, runner: @escaping Runner, checkpointInterval: Duration? = .seconds(5),
    logger: Logger = Logger(label: "pairnet.scheduler"), onFailure: @escaping @Sendable (StoreError) -> Void,
    onChange: @escaping @Sendable (_ study: Int64) -> Void = { _ in }
  ) {
    precondition(workers >= 1, "a scheduler has at least one worker")
    self.store = store
    self.workers = workers
    self.runner = runner
    self.checkpointInterval = checkpointInterval
    self.logger = logger
    self.onChange = onChange
    let failures = FailureReport(onFailure)
    self.failures = failures
    recorder = Recorder(store: store) { failures.report($0) }
    queues = (1...workers).map { DispatchQueue(label: "pairnet.worker.\($0)") }
    roster = Mutex(Roster(workers: workers))
  }

  /// Starts the workers; call it once. Reproductions whose grid had ended when the daemon died go on.
  package func start() {
    do throws(StoreError) {
      _ = try store.advanceReproductions()
    } catch {
      return failures.report(error)
    }
    dispatch(roster.withLock { $0.start() })
  }

  /// Submits to the store (see `Store.submit`) and wakes workers for the new jobs.
  package func submit(
    _ specs: [JobSpec], named name: String? = nil, datasetDigests: [String: String],
    options: StudyOptions = StudyOptions()
  ) throws(StoreError) -> Submission {
    let submission = try store.submit(specs, named: name, datasetDigests: datasetDigests, options: options)
    dispatch(roster.withLock { $0.wake(for: specs.count - submission.reused) })
    if options.priority == .urgent { preempt() }
    return submission
  }

  /// Submits an audit to the store (see `Store.submitAudit`) and wakes workers for it.
  package func submitAudit(
    of filter: JobFilter, sample: SampleSize, seed: UInt64, named name: String? = nil, datasetDigests: [String: String]
  ) throws(StoreError) -> Submission? {
    let submission = try store.submitAudit(
      of: filter, sample: sample, seed: seed, named: name, datasetDigests: datasetDigests)
    if let submission { dispatch(roster.withLock { $0.wake(for: submission.jobs.count) }) }
    return submission
  }

  /// Starts a reproduction (see `Store.startReproduction`) and wakes workers for its grid.
  package func startReproduction(
    _ plan: ReproductionPlan, datasetDigest: String, again: Bool = false
  ) throws(StoreError) -> ReproductionRecord {
    let record = try store.startReproduction(plan, datasetDigest: datasetDigest, again: again)
    dispatch(roster.withLock { $0.wake(for: workers) })
    // Of a grid that has been trained before no job ends any more.
    try advanceReproductions(of: record.gridStudy)
    return try store.reproduction(record.id)?.record ?? record
  }

  /// The jobs that run now, by worker.
  package var running: [RunningJob] { roster.withLock { $0.running } }

  /// Returns when no worker has anything to do.
  package func idle() async {
    await withCheckedContinuation { continuation in
      busy.notify(queue: .global()) { continuation.resume() }
    }
  }

  /// Stops taking jobs, stops running ones at their next step, puts them back into the queue, and returns when every
  /// worker has ended and everything is on disk. May be called more than once; there is no way back.
  package func drain() async {
    roster.withLock { $0.drain() }
    await idle()
    recorder.flush()
  }

  /// Makes room for urgent jobs that wait, at the cost of less urgent ones that run: these stop at their next step, and go
  /// on from there later.
  func preempt() {
    do throws(StoreError) {
      try whileNobodyClaims { () throws(StoreError) in
        let waiting = try store.urgentJobsWaiting(atMost: workers)
        if waiting > 0 { roster.withLock { $0.preempt(for: waiting) } }
      }
    } catch {
      failures.report(error)
    }
  }

  func dispatch(_ workers: [Int]) {
    for worker in workers {
      busy.enter()
      queues[worker - 1].async {
        self.work(worker)
        self.busy.leave()
      }
    }
  }

  /// A worker's life: one job after the other until there is none.
  private func work(_ worker: Int) {
    while true {
      let version = roster.withLock { $0.version }
      do throws(StoreError) {
        let claim = try claim(for: worker)
        for study in claim.settled {
          onChange(study)
          try advanceReproductions(of: study)
        }
        if let (job, stop) = claim.taken {
          onChange(job.study)
          // Somebody's end may have freed more than the one job: a study that waited for it, or all that waited while a
          // job ran alone. Each worker that finds something sends another to look.
          dispatch(roster.withLock { $0.wake(for: 1) })
          if job.priority == .urgent { preempt() }
          defer {
            roster.withLock { $0.remove(worker) }
            onChange(job.study)
          }
          try train(job, until: stop)
          try advanceReproductions(of: job.study)
        } else if claim.settled.isEmpty, roster.withLock({ $0.rest(worker, asOf: version) }) {
          // Where something was settled, a study that waited for it may go on: the worker looks once more.
          return
        }
      } catch {
        failures.report(error)
        // Nobody else shall take a job that cannot be recorded either.
        roster.withLock { roster in
          roster.drain()
          _ = roster.rest(worker, asOf: roster.version)
        }
        return
      }
    }
  }

  /// If the study is a grid that has ended, submits the runs that follow from it.
  private func advanceReproductions(of study: Int64) throws(StoreError) {
    for submission in try store.advanceReproductions(ofGrid: study) {
      dispatch(roster.withLock { $0.wake(for: submission.jobs.count - submission.reused) })
      onChange(submission.study.id)
    }
  }

  /// - Returns: the job that was taken, and the studies of those that need not be trained.
  private func claim(
    for worker: Int
  ) throws(StoreError) -> (taken: (ClaimedJob, StopSignal)?, settled: Set<Int64>) {
    let result: Result<(taken: (ClaimedJob, StopSignal)?, settled: Set<Int64>), StoreError> = claiming.withLock { _ in
      guard roster.withLock({ !$0.isDraining }) else { return .success((nil, [])) }
      do throws(StoreError) {
        let assignment = try store.assign(to: worker)
        return .success((assignment.job.map { job in (job, roster.withLock { $0.add(job) }) }, assignment.settled))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private func train(_ job: ClaimedJob, until stop: StopSignal) throws(StoreError) {
    // Only a job that was taken before can have one.
    let checkpoint = job.attempt.number > 1 ? try store.checkpoint(of: job.attempt) : .none
    let run = JobRun(
      job, from: checkpoint, until: stop, recorder: recorder, checkpointInterval: checkpointInterval, logger: logger
    ) { epoch in
      self.roster.withLock { $0.advance(job.worker, to: epoch) }
      self.onChange(job.study)
    }
    let end = run.end(by: runner)
    do throws(StoreError) {
      switch end {
      case .finish(let outcome): try recorder.finish(job.attempt, with: outcome, after: run.duration)
      case .requeue(let interruption): try recorder.requeue(job.attempt, as: interruption)
      }
    } catch .superseded {
      // The job was cancelled while it ran; the store knows, and nothing of the attempt is wanted.
    }
  }
}

/// Tells the owner about the first failure only.
private final class FailureReport: Sendable {
  private let isReported = Atomic(false)
  private let onFailure: @Sendable (StoreError) -> Void

  init(_ onFailure: @escaping @Sendable (StoreError) -> Void) { self.onFailure = onFailure }

  func report(_ error: StoreError) {
    guard !isReported.exchange(true, ordering: .relaxed) else { return }
    onFailure(error)
  }
}
