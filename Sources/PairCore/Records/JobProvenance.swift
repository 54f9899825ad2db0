/// What a job's result comes from beside its spec, and who computed it.
package struct JobProvenance: Codable, Hashable, Sendable {
  /// SHA-256 of the dataset that the job was submitted for.
  package var datasetDigest: String
  /// The version of the engine's numerics that the job's digest covers.
  package var numericsVersion: Int
  /// Each time a worker took the job, from the first.
  package var attempts: [Attempt]

  package struct Attempt: Codable, Hashable, Sendable {
    /// Counted from 1.
    package var number: Int
    package var worker: Int
    package var host: String
    package var programVersion: String
    package var instructionSet: String
    package var startedAt: String
    package var endedAt: String?
    /// How it ended: a state of the job, `stopped` by the daemon's end or `interrupted` by its death; nil while it runs.
    package var ending: String?

    package init(
      number: Int, worker: Int, host: String, programVersion: String, instructionSet: String, startedAt: String,
      endedAt: String?, ending: String?
    ) {
      self.number = number
      self.worker = worker
      self.host = host
      self.programVersion = programVersion
      self.instructionSet = instructionSet
      self.startedAt = startedAt
      self.endedAt = endedAt
      self.ending = ending
    }

    enum CodingKeys: String, CodingKey {
      case number, worker, host, ending
      case programVersion = "program_version"
      case instructionSet = "instruction_set"
      case startedAt = "started_at"
      case endedAt = "ended_at"
    }
  }

  package init(datasetDigest: String, numericsVersion: Int, attempts: [Attempt]) {
    self.datasetDigest = datasetDigest
    self.numericsVersion = numericsVersion
    self.attempts = attempts
  }

  enum CodingKeys: String, CodingKey {
    case attempts
    case datasetDigest = "dataset_digest"
    case numericsVersion = "numerics_version"
  }
}
