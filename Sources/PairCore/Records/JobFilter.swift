/// Which jobs a query or a command is about: those that meet every condition given.
package struct JobFilter: Codable, Hashable, Sendable {
  package var jobs: [Int64]?
  package var study: Int64?
  /// Jobs of studies that have one of these labels.
  package var labels: [String]?
  package var states: [JobState]?
  package var priorities: [Priority]?
  /// For a parameter's key, the values that a job may have.
  package var parameters: [String: [ParameterValue]]

  package init(
    jobs: [Int64]? = nil, study: Int64? = nil, labels: [String]? = nil, states: [JobState]? = nil,
    priorities: [Priority]? = nil, parameters: [String: [ParameterValue]] = [:]
  ) {
    self.jobs = jobs
    self.study = study
    self.labels = labels
    self.states = states
    self.priorities = priorities
    self.parameters = parameters
  }
}
