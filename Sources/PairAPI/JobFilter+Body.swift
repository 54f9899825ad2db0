import PairCore

/// A filter as fields of a request's body: `{"study": 3, "states": ["queued"], "parameters": {"seed": [1, 2]}}`.
extension JobFilter {
  private enum BodyKeys: String, CodingKey, CaseIterable { case jobs, study, labels, states, priorities, parameters }

  static let bodyKeys = BodyKeys.allCases.map(\.rawValue)

  /// - Throws: `SpecError` for a value that a condition cannot have.
  init(body decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: BodyKeys.self)
    var parameters: [String: [ParameterValue]] = [:]
    let given = try container.decodeIfPresent([String: [ParameterValue]].self, forKey: .parameters) ?? [:]
    for (key, values) in given.sorted(by: { $0.key < $1.key }) {
      guard let parameter = Parameter.named(key) else {
        throw SpecError(
          key: key, value: "", allowed: "the parameters are \(Parameter.all.map(\.key).joined(separator: ", "))")
      }
      parameters[key] = try values.map { try parameter.checked($0) }
    }
    let labels = try container.decodeIfPresent([String].self, forKey: .labels)
    for label in labels ?? [] { try StudyOptions.check(label: label) }
    let priorities = try container.decodeIfPresent([String].self, forKey: .priorities)
    self.init(
      jobs: try container.decodeIfPresent([Int64].self, forKey: .jobs),
      study: try container.decodeIfPresent(Int64.self, forKey: .study), labels: labels,
      states: try container.decodeIfPresent([JobState].self, forKey: .states),
      priorities: try priorities?.map { try Priority(exactly: $0) }, parameters: parameters)
  }

  /// For a command, which must not be about all jobs by oversight.
  ///
  /// - Throws: `SpecError` if there is no condition.
  func refuseEmpty() throws(SpecError) {
    guard self != JobFilter() else {
      throw SpecError(
        key: "body", value: "{}",
        allowed: "name jobs, a study, labels, states, priorities or parameters; states queued, running and paused mean "
          + "every job not yet done")
    }
  }

  func encode(body encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: BodyKeys.self)
    try container.encodeIfPresent(jobs, forKey: .jobs)
    try container.encodeIfPresent(study, forKey: .study)
    try container.encodeIfPresent(labels, forKey: .labels)
    try container.encodeIfPresent(states, forKey: .states)
    try container.encodeIfPresent(priorities, forKey: .priorities)
    try container.encode(parameters, forKey: .parameters)
  }
}
