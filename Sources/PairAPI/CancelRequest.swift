import PairCore

/// POST /v1/jobs/cancel: the jobs to give up. An empty filter is refused: say `states` to mean all of them.
package struct CancelRequest: Codable, Hashable, Sendable {
  package var filter: JobFilter

  package init(_ filter: JobFilter) { self.filter = filter }

  enum CodingKeys: String, CodingKey, CaseIterable { case jobs, study, states, parameters }

  package init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(besides: CodingKeys.allCases.map(\.rawValue))
    let container = try decoder.container(keyedBy: CodingKeys.self)
    var parameters: [String: [ParameterValue]] = [:]
    let given = try container.decodeIfPresent([String: [ParameterValue]].self, forKey: .parameters) ?? [:]
    for (key, values) in given.sorted(by: { $0.key < $1.key }) {
      guard let parameter = Parameter.named(key) else {
        throw SpecError(
          key: key, value: "", allowed: "the parameters are \(Parameter.all.map(\.key).joined(separator: ", "))")
      }
      parameters[key] = try values.map { try parameter.checked($0) }
    }
    filter = JobFilter(
      jobs: try container.decodeIfPresent([Int64].self, forKey: .jobs),
      study: try container.decodeIfPresent(Int64.self, forKey: .study),
      states: try container.decodeIfPresent([JobState].self, forKey: .states), parameters: parameters)
    guard filter != JobFilter() else {
      throw SpecError(
        key: "body", value: "{}",
        allowed: "name jobs, a study, states or parameters; states queued and running mean every job not yet done")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(filter.jobs, forKey: .jobs)
    try container.encodeIfPresent(filter.study, forKey: .study)
    try container.encodeIfPresent(filter.states, forKey: .states)
    try container.encode(filter.parameters, forKey: .parameters)
  }
}
