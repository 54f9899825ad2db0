/// What an audit has found so far: a study whose jobs repeat others, to see whether the bits come out the same.
package struct AuditReport: Codable, Hashable, Sendable {
  /// A job whose repetition gave something else.
  package struct Different: Codable, Hashable, Sendable {
    package var job: Int64
    /// The job that repeated it.
    package var repetition: Int64
    /// At least one.
    package var differences: [Difference]

    package init(job: Int64, repetition: Int64, differences: [Difference]) {
      self.job = job
      self.repetition = repetition
      self.differences = differences
    }
  }

  /// A job whose repetition ended without saying anything about it.
  package struct Unchecked: Codable, Hashable, Sendable {
    package var job: Int64
    package var repetition: Int64
    package var state: JobState
    package var reason: String

    package init(job: Int64, repetition: Int64, state: JobState, reason: String) {
      self.job = job
      self.repetition = repetition
      self.state = state
      self.reason = reason
    }
  }

  package var study: StudyRecord
  /// How many came out the same to the last bit.
  package var equal: Int
  package var different: [Different]
  package var unchecked: [Unchecked]
  /// How many repetitions have not ended.
  package var left: Int

  package init(study: StudyRecord, equal: Int, different: [Different], unchecked: [Unchecked], left: Int) {
    self.study = study
    self.equal = equal
    self.different = different
    self.unchecked = unchecked
    self.left = left
  }
}

/// Results that an audit cannot repeat here, and why.
package struct AuditSkip: Codable, Hashable, Sendable {
  package var jobs: Int
  package var reason: String

  package init(jobs: Int, reason: String) {
    self.jobs = jobs
    self.reason = reason
  }
}
