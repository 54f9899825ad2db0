/// A study: the jobs of one submission.
package struct StudyRecord: Codable, Hashable, Sendable {
  package var id: Int64
  package var name: String
  package var submittedAt: String
  /// How many of its jobs are in each state; states without a job are left out.
  package var counts: [String: Int]

  package init(id: Int64, name: String, submittedAt: String, counts: [String: Int]) {
    self.id = id
    self.name = name
    self.submittedAt = submittedAt
    self.counts = counts
  }

  package var jobs: Int { counts.values.reduce(0, +) }
  package func count(_ state: JobState) -> Int { counts[state.rawValue] ?? 0 }

  enum CodingKeys: String, CodingKey {
    case id, name, counts
    case submittedAt = "submitted_at"
  }
}
