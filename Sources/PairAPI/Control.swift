import PairCore

/// POST /v1/jobs/cancel, pause, resume and retry: the jobs that are meant, of which those are changed that can be.
///
/// An empty filter is refused: say `states` to mean all of them.
package struct ControlRequest: Codable, Hashable, Sendable {
  package var filter: JobFilter

  package init(_ filter: JobFilter) { self.filter = filter }

  package init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(besides: JobFilter.bodyKeys)
    filter = try JobFilter(body: decoder)
    try filter.refuseEmpty()
  }

  package func encode(to encoder: any Encoder) throws { try filter.encode(body: encoder) }
}

/// POST /v1/jobs/priority: the jobs that are to have another priority.
package struct PriorityRequest: Codable, Hashable, Sendable {
  package var priority: Priority
  package var filter: JobFilter

  package init(_ priority: Priority, _ filter: JobFilter) {
    self.priority = priority
    self.filter = filter
  }

  enum CodingKeys: String, CodingKey { case priority }

  package init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(besides: JobFilter.bodyKeys + [CodingKeys.priority.rawValue])
    let container = try decoder.container(keyedBy: CodingKeys.self)
    priority = try Priority(exactly: container.decode(String.self, forKey: .priority))
    filter = try JobFilter(body: decoder)
    try filter.refuseEmpty()
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(priority, forKey: .priority)
    try filter.encode(body: encoder)
  }
}

/// The answer to a `ControlRequest` or `PriorityRequest`: the jobs that it changed, ascending.
package struct ControlResponse: Codable, Sendable {
  package var jobs: [Int64]
  package init(jobs: [Int64]) { self.jobs = jobs }
}

/// POST /v1/queue: whether workers take jobs.
package struct QueueRequest: Codable, Hashable, Sendable {
  package var action: Action

  package enum Action: String, CaseIterable, Codable, Sendable {
    /// No worker takes a job, and running ones go back to the queue.
    case pause
    /// No worker takes a job, and running ones go on to their end.
    case drain
    /// Workers take jobs.
    case resume
  }

  package init(_ action: Action) { self.action = action }

  enum CodingKeys: String, CodingKey { case action }

  package init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(besides: [CodingKeys.action.rawValue])
    let name = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .action)
    guard let action = Action(rawValue: name) else {
      throw SpecError(key: "action", value: name, oneOf: Action.allCases.map(\.rawValue))
    }
    self.action = action
  }
}

/// GET /v1/queue, and the answer to a `QueueRequest`.
package struct QueueResponse: Codable, Sendable {
  /// Since when no worker takes a job; nil if they do.
  package var pausedAt: String?
  /// The jobs that run.
  package var running: [Int64]

  package init(pausedAt: String?, running: [Int64]) {
    self.pausedAt = pausedAt
    self.running = running
  }

  enum CodingKeys: String, CodingKey {
    case running
    case pausedAt = "paused_at"
  }
}
