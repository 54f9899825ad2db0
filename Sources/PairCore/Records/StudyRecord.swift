/// A study: the jobs of one submission.
package struct StudyRecord: Codable, Hashable, Sendable {
  package var id: Int64
  package var name: String
  package var submittedAt: String
  /// How many of its jobs are in each state; states without a job are left out.
  package var counts: [String: Int]
  /// In the order of the alphabet.
  package var labels: [String]
  /// The studies that must have ended before its jobs are taken, ascending.
  package var after: [Int64]
  /// How many of its jobs may run at a time; nil for as many as there are workers.
  package var workersMax: Int?
  /// How many seconds each of its jobs may train; nil for no limit.
  package var timeLimitSeconds: Double?

  package init(
    id: Int64, name: String, submittedAt: String, counts: [String: Int], labels: [String] = [], after: [Int64] = [],
    workersMax: Int? = nil, timeLimitSeconds: Double? = nil
  ) {
    self.id = id
    self.name = name
    self.submittedAt = submittedAt
    self.counts = counts
    self.labels = labels
    self.after = after
    self.workersMax = workersMax
    self.timeLimitSeconds = timeLimitSeconds
  }

  package var jobs: Int { counts.values.reduce(0, +) }
  package func count(_ state: JobState) -> Int { counts[state.rawValue] ?? 0 }
  /// Whether every job has ended.
  package var hasEnded: Bool { JobState.allCases.allSatisfy { $0.isTerminal || count($0) == 0 } }

  enum CodingKeys: String, CodingKey {
    case id, name, counts, labels, after
    case submittedAt = "submitted_at"
    case workersMax = "workers_max"
    case timeLimitSeconds = "time_limit_seconds"
  }
}
