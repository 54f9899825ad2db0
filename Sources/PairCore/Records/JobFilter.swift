/// Which jobs a query or a command is about: those that meet every condition given.
package struct JobFilter: Codable, Hashable, Sendable {
  package var jobs: [Int64]?
  package var study: Int64?
  package var states: [JobState]?
  /// For a parameter's key, the values that a job may have.
  package var parameters: [String: [ParameterValue]]

  package init(
    jobs: [Int64]? = nil, study: Int64? = nil, states: [JobState]? = nil, parameters: [String: [ParameterValue]] = [:]
  ) {
    self.jobs = jobs
    self.study = study
    self.states = states
    self.parameters = parameters
  }
}
