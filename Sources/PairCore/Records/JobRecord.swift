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
  /// How often a worker has taken the job.
  package var attempts: Int
  /// Epochs of the latest attempt that are recorded.
  package var epochsDone: Int
  /// The worker that runs the job, counted from 1; nil unless it runs.
  package var worker: Int?
  package var submittedAt: String
  /// Start and end of the latest attempt.
  package var startedAt: String?
  package var finishedAt: String?
  /// Wall-clock seconds of the attempt that ended the job.
  package var durationSeconds: Double?
  /// Why the job failed, diverged or was cancelled.
  package var reason: String?
  /// Set exactly for jobs that succeeded.
  package var result: JobResult?

  package init(
    id: Int64, study: Int64, spec: JobSpec, specDigest: String, state: JobState, attempts: Int, epochsDone: Int,
    worker: Int?, submittedAt: String, startedAt: String?, finishedAt: String?, durationSeconds: Double?,
    reason: String?, result: JobResult?
  ) {
    self.id = id
    self.study = study
    self.spec = spec
    self.specDigest = specDigest
    self.state = state
    self.attempts = attempts
    self.epochsDone = epochsDone
    self.worker = worker
    self.submittedAt = submittedAt
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.durationSeconds = durationSeconds
    self.reason = reason
    self.result = result
  }

  enum CodingKeys: String, CodingKey {
    case id, study, spec, state, attempts, worker, reason, result
    case specDigest = "spec_digest"
    case epochsDone = "epochs_done"
    case submittedAt = "submitted_at"
    case startedAt = "started_at"
    case finishedAt = "finished_at"
    case durationSeconds = "duration_seconds"
  }
}
