import PairCore

extension JobFilter {
  /// The keys of a filter's JSON.
  enum FieldKeys: String, CodingKey, CaseIterable { case jobs, study, states, parameters }

  /// Reads `{"jobs": [...], "study": 1, "states": [...], "parameters": {...}}`, every part of which may be left out.
  ///
  /// - Throws: `SpecError` naming an unknown key, a parameter that there is not, or a value that it cannot have.
  init(strictlyFrom decoder: any Decoder) throws {
    try decoder.refuseKeys(besides: FieldKeys.allCases.map(\.rawValue))
    let container = try decoder.container(keyedBy: FieldKeys.self)
    var parameters: [String: [ParameterValue]] = [:]
    let given = try container.decodeIfPresent([String: [ParameterValue]].self, forKey: .parameters) ?? [:]
    for (key, values) in given.sorted(by: { $0.key < $1.key }) {
      guard let parameter = Parameter.named(key) else {
        throw SpecError(
          key: key, value: "", allowed: "the parameters are \(Parameter.all.map(\.key).joined(separator: ", "))")
      }
      parameters[key] = try values.map { try parameter.checked($0) }
    }
    self.init(
      jobs: try container.decodeIfPresent([Int64].self, forKey: .jobs),
      study: try container.decodeIfPresent(Int64.self, forKey: .study),
      states: try container.decodeIfPresent([JobState].self, forKey: .states), parameters: parameters)
  }
}
