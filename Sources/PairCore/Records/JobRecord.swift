/// A job as the store keeps it and the API shows it.
///
/// Times are texts in UTC, `2026-11-23T15:04:05.678Z`: they sort, and people read them in SQL as well.
package struct JobRecord: Codable, Hashable, Sendable {
  package var id: Int64
  /// The study that the job was submitted in.
  package var study: Int64
  package var spec: JobSpec
  package var specDigest: String
  package var state: JobState
  package var priority: Priority
  /// How often a worker has taken the job.
  package var attempts: Int
  /// How often the daemon died while the job ran, since it was submitted or retried.
  package var crashes: Int
  /// Whether it is trained although a result of its digest is there.
  package var isForced: Bool
  /// Epochs that are recorded.
  package var epochsDone: Int
  /// The worker that runs the job, counted from 1; nil unless it runs.
  package var worker: Int?
  package var submittedAt: String
  /// Start and end of the latest attempt.
  package var startedAt: String?
  package var finishedAt: String?
  /// Wall-clock seconds of training; of a job that reuses a result, those that the result took.
  package var durationSeconds: Double?
  /// Why the job failed, diverged or was cancelled.
  package var reason: String?
  /// The job of the same digest whose result this job shares, where it was not trained itself.
  package var reusedFrom: Int64?
  /// The job whose result this one repeats to the bit, or proves not to.
  package var auditOf: Int64?
  /// Set exactly for jobs that succeeded.
  package var result: JobResult?

  package init(
    id: Int64, study: Int64, spec: JobSpec, specDigest: String, state: JobState, priority: Priority = .normal,
    attempts: Int,
    crashes: Int = 0, isForced: Bool = false, epochsDone: Int, worker: Int?, submittedAt: String, startedAt: String?,
    finishedAt: String?, durationSeconds: Double?, reason: String?, reusedFrom: Int64? = nil, auditOf: Int64? = nil,
    result: JobResult?
  ) {
    self.id = id
    self.study = study
    self.spec = spec
    self.specDigest = specDigest
    self.state = state
    self.priority = priority
    self.attempts = attempts
    self.crashes = crashes
    self.isForced = isForced
    self.epochsDone = epochsDone
    self.worker = worker
    self.submittedAt = submittedAt
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.durationSeconds = durationSeconds
    self.reason = reason
    self.reusedFrom = reusedFrom
    self.auditOf = auditOf
    self.result = result
  }

  enum CodingKeys: String, CodingKey {
    case id, study, spec, state, priority, attempts, crashes, worker, reason, result
    case specDigest = "spec_digest"
    case isForced = "forced"
    case epochsDone = "epochs_done"
    case submittedAt = "submitted_at"
    case startedAt = "started_at"
    case finishedAt = "finished_at"
    case durationSeconds = "duration_seconds"
    case reusedFrom = "reused_from"
    case auditOf = "audit_of"
  }
}
