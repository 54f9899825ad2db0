/// What a submission asks for besides its jobs: which go first, what they wait for, and how much they may take.
package struct StudyOptions: Hashable, Sendable {
  package static let labelsMax = 32
  package static let afterMax = 100
  package static let workersMax = 1_024
  /// Ten years.
  package static let timeLimitSecondsMax = 315_360_000.0

  /// Of each of the jobs.
  package let priority: Priority
  /// Each once, in the order of the alphabet.
  package let labels: [String]
  /// Studies that must have ended before the jobs are taken; each once, ascending.
  package let after: [Int64]
  /// How many of the jobs may run at a time; nil for as many as there are workers.
  package let workersMax: Int?
  /// How many seconds each job may train; nil for no limit.
  package let timeLimitSeconds: Double?
  /// Whether each job is trained even if its result is there already.
  package let isForced: Bool

  /// Nothing but the jobs.
  package init() {
    priority = .normal
    labels = []
    after = []
    workersMax = nil
    timeLimitSeconds = nil
    isForced = false
  }

  /// - Throws: `SpecError` naming what cannot be accepted.
  package init(
    validating priority: Priority, labels: [String] = [], after: [Int64] = [], workersMax: Int? = nil,
    timeLimitSeconds: Double? = nil, isForced: Bool = false
  ) throws(SpecError) {
    for label in labels { try Self.check(label: label) }
    guard labels.count <= Self.labelsMax else {
      throw SpecError(key: "labels", value: "\(labels.count) labels", allowed: "give at most \(Self.labelsMax)")
    }
    if let study = after.first(where: { $0 < 1 }) {
      throw SpecError(key: "after", value: String(study), allowed: "give a study's number")
    }
    guard after.count <= Self.afterMax else {
      throw SpecError(key: "after", value: "\(after.count) studies", allowed: "give at most \(Self.afterMax)")
    }
    if let workersMax, !(1...Self.workersMax).contains(workersMax) {
      throw SpecError(
        key: "workers_max", value: String(workersMax), allowed: "give an integer from 1 to \(Self.workersMax)")
    }
    if let timeLimitSeconds, !(timeLimitSeconds > 0 && timeLimitSeconds <= Self.timeLimitSecondsMax) {
      throw SpecError(
        key: "time_limit_seconds", value: String(timeLimitSeconds),
        allowed: "give seconds above 0, at most \(Int(Self.timeLimitSecondsMax))")
    }
    self.priority = priority
    self.labels = Set(labels).sorted()
    self.after = Set(after).sorted()
    self.workersMax = workersMax
    self.timeLimitSeconds = timeLimitSeconds
    self.isForced = isForced
  }

  /// - Throws: `SpecError` for a label that no study can have.
  package static func check(label: String) throws(SpecError) {
    guard (1...64).contains(label.unicodeScalars.count), label == label.trimmed,
      label.unicodeScalars.allSatisfy({
        $0.properties.generalCategory != .control && $0.properties.generalCategory != .lineSeparator && $0 != ","
          && $0 != "="
      })
    else {
      throw SpecError(
        key: "label", value: label,
        allowed: "give 1 to 64 characters without comma, equals sign or control character, and no space at the ends")
    }
  }

  /// The labels that a text lists: `nightly,tuning`.
  package static func labels(listedIn text: String) throws(SpecError) -> [String] {
    var labels: [String] = []
    for part in text.parts(separatedBy: ",") {
      let label = part.trimmed
      try check(label: label)
      labels.append(label)
    }
    return labels
  }
}
