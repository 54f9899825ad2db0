import PairCore

/// One taking of a job by a worker. Only a job's latest attempt may write, and only while the job runs.
package struct Attempt: Hashable, Sendable {
  package var job: Int64
  /// Counted from 1.
  package var number: Int

  package init(job: Int64, number: Int) {
    self.job = job
    self.number = number
  }
}

/// A job that a worker has just taken.
package struct ClaimedJob: Hashable, Sendable {
  package var attempt: Attempt
  package var study: Int64
  package var spec: JobSpec
  /// SHA-256 of the dataset that the job was submitted for; one with other bytes must not be trained on.
  package var datasetDigest: String
  /// The worker that took it, counted from 1.
  package var worker: Int
  package var priority: Priority
  /// How many seconds it may train; nil for no limit.
  package var timeLimitSeconds: Double?

  package var id: Int64 { attempt.job }

  package init(
    attempt: Attempt, study: Int64, spec: JobSpec, datasetDigest: String, worker: Int, priority: Priority = .normal,
    timeLimitSeconds: Double? = nil
  ) {
    self.attempt = attempt
    self.study = study
    self.spec = spec
    self.datasetDigest = datasetDigest
    self.worker = worker
    self.priority = priority
    self.timeLimitSeconds = timeLimitSeconds
  }
}

/// Why an attempt ended whose job is to go on later; the name is its ending in `attempts`.
package enum Interruption: String, Hashable, Sendable {
  /// The daemon was told to stop, or the queue was paused: the job is queued again.
  case stopped
  /// Its worker was needed for a more urgent job: it is queued again.
  case preempted
  /// Somebody paused the job.
  case paused

  /// What this does to the job's state.
  package var event: JobState.Event { self == .paused ? .pause : .requeue }
}

/// How an attempt ended that ends its job.
package enum JobOutcome: Hashable, Sendable {
  case succeeded(JobResult)
  case failed(reason: String)
  /// The loss was not finite in that epoch.
  case diverged(epoch: Int)

  /// What this does to the job's state.
  package var event: JobState.Event {
    switch self {
    case .succeeded: .finish
    case .failed: .fail
    case .diverged: .diverge
    }
  }

  /// Why there is no result, or nil if there is one.
  package var reason: String? {
    switch self {
    case .succeeded: nil
    case .failed(let reason): reason.isEmpty ? "no reason was given" : reason
    case .diverged(let epoch): "loss was not finite in epoch \(epoch)"
    }
  }
}
