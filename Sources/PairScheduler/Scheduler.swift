import PairCore
import PairStore
import PairTraining

/// Trains one job on the calling thread.
///
/// - `shouldStop` is to be asked at every step; once it says true the runner returns `.stopped`.
/// - `onEpoch` is to be called at the end of every epoch, from 1 in order; it returns at once.
/// - What is thrown fails the job, with the error's description as the reason; the worker goes on with the next job.
///
/// A runner must refuse a dataset whose digest is not `job.datasetDigest`.
package typealias Runner =
  @Sendable (_ job: ClaimedJob, _ shouldStop: () -> Bool, _ onEpoch: (EpochMetrics) -> Void) throws -> TrainingOutcome

/// A job that a worker trains now.
package struct RunningJob: Hashable, Sendable {
  package var attempt: Attempt
  /// Counted from 1.
  package var worker: Int
  /// Epochs done in this attempt.
  package var epoch: Int
}

/// The worker pool: takes jobs from the store, trains them and records what comes of it.
///
/// Submissions and cancellations go through the scheduler, so that workers wake up and stop; queries go to the store.
package final class Scheduler: Sendable {
  package let store: Store
  /// How many jobs run at a time.
  package let workers: Int

  /// - Parameters:
  ///   - store: recovered already.
  ///   - workers: at least 1; each has a thread of its own while it trains.
  ///   - onFailure: called once, on any thread, when the store can no longer be written to. The process must end then:
  ///     what was not recorded is redone after the next start.
  ///   - onChange: called on any thread after jobs of that study were submitted, taken, cancelled, put back or ended,
  ///     or did an epoch, once queries show it. It returns at once. Progress requests wait for it.
  package init(
    store: Store, workers: Int, runner: @escaping Runner, onFailure: @escaping @Sendable (StoreError) -> Void,
    onChange: @escaping @Sendable (_ study: Int64) -> Void = { _ in }
  ) {
    precondition(workers >= 1)
    self.store = store
    self.workers = workers
  }

  /// Starts the workers; call it once.
  package func start() { fatalError("to be written") }

  /// Submits to the store (see `Store.submit`) and wakes workers for the new jobs.
  package func submit(
    _ specs: [JobSpec], named name: String? = nil, datasetDigests: [String: String]
  ) throws(StoreError) -> Submission { fatalError("to be written") }

  /// Cancels queued and running jobs; when it returns they are cancelled on disk, and workers stop at their next step.
  ///
  /// - Returns: the ids of the jobs that were cancelled, ascending.
  package func cancel(
    _ filter: JobFilter, because reason: String = "cancelled by request"
  ) throws(StoreError) -> [Int64] { fatalError("to be written") }

  /// The jobs that run now, by worker.
  package var running: [RunningJob] { fatalError("to be written") }

  /// Stops taking jobs, stops running ones at their next step, puts them back into the queue, and returns when every
  /// worker has ended and everything is on disk. May be called more than once.
  package func drain() async { fatalError("to be written") }
}
