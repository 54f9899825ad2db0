/// Jobs named in one argument: `model=BaseNet,seed=1-5,state=failed`.
///
/// Items are separated by commas; one without `=` continues the list of the key before it, so that
/// `dropout=0,0.5,model=all` has two dropouts. Keys are those of the parameters (`batch-norm` is as good as
/// `batch_norm`), `study` (a number or a name), `label`, `state`, `priority` and `job`. Values are lists as `Parameter.values(listedIn:)`
/// reads them. A job is meant if it meets every condition.
package struct Selector: Hashable, Sendable {
  /// The keys that are not parameters.
  package static let otherKeys = ["study", "label", "state", "priority", "job"]

  /// As it was written.
  package let text: String
  /// All conditions but a study that is given by its name.
  package let filter: JobFilter
  /// The name to look up, where the study is not given by its number.
  package let studyName: String?

  /// - Throws: `SpecError` naming the key, the value and what is allowed.
  package init(parsing text: String) throws(SpecError) {
    self.text = text
    var filter = JobFilter()
    var studyName: String?
    for (key, value) in try Self.conditions(in: text) {
      switch key {
      case "study":
        if let id = Int64(value) {
          guard id > 0 else { throw SpecError(key: key, value: value, allowed: "give a study's number or name") }
          filter.study = id
        } else if value.isEmpty || value.unicodeScalars.contains(",") {
          throw SpecError(key: key, value: value, allowed: "give one study, by its number or by a name without a comma")
        } else {
          studyName = value
        }
      case "label": filter.labels = try StudyOptions.labels(listedIn: value)
      case "state": filter.states = try JobState.states(listedIn: value)
      case "priority": filter.priorities = try Priority.priorities(listedIn: value)
      case "job": filter.jobs = try JobFilter.jobs(listedIn: value)
      default:
        guard let parameter = Parameter.named(key) else {
          throw SpecError(key: "key", value: key, oneOf: Parameter.all.map(\.key) + Self.otherKeys)
        }
        filter.parameters[key] = try parameter.values(listedIn: value)
      }
    }
    self.filter = filter
    self.studyName = studyName
  }

  /// Keys and what is listed for each, in the order written.
  private static func conditions(in text: String) throws(SpecError) -> [(key: String, value: String)] {
    var conditions: [(key: String, value: String)] = []
    for item in text.parts(separatedBy: ",") {
      let halves = item.parts(separatedBy: "=", atMost: 2)
      let first = halves[0].trimmed
      guard halves.count == 2, !first.isEmpty else {
        guard !first.isEmpty, !conditions.isEmpty else {
          throw SpecError(
            key: "selector", value: text, allowed: "write conditions as in model=BaseNet,BaseNetAux,seed=1-5")
        }
        conditions[conditions.count - 1].value += ",\(first)"
        continue
      }
      let key = String(first.map { $0 == "-" ? "_" : $0 })
      guard !conditions.contains(where: { $0.key == key }) else {
        throw SpecError(key: key, value: halves[1], allowed: "give each key once; list values with commas")
      }
      conditions.append((key, halves[1].trimmed))
    }
    return conditions
  }
}

extension JobState {
  /// The states that a text lists: `failed,diverged`.
  ///
  /// - Throws: `SpecError` naming the part that is no state.
  package static func states(listedIn text: String) throws(SpecError) -> [JobState] {
    var states: [JobState] = []
    for part in text.parts(separatedBy: ",") {
      guard let state = JobState(rawValue: part.trimmed) else {
        let states = allCases.map(\.rawValue)
        throw SpecError(
          key: "state", value: part,
          allowed: "list some of \(states.joined(separator: ", "))\(NearName.hint(part.trimmed, among: states))")
      }
      states.append(state)
    }
    return states
  }
}

extension JobFilter {
  /// The jobs that a text lists: `7,9-12`.
  ///
  /// - Throws: `SpecError` naming the part that is neither a number nor a range of them.
  package static func jobs(listedIn text: String) throws(SpecError) -> [Int64] {
    var jobs: [Int64] = []
    for part in text.parts(separatedBy: ",") {
      let ends = part.parts(separatedBy: "-", atMost: 2).map { Int64($0) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, first > 0, first <= last,
        last - first < Int64(Grid.cellsMax)
      else {
        throw SpecError(key: "job", value: part, allowed: "list job numbers and ranges of them, as in 1,5-9")
      }
      jobs += Array(first...last)
      guard jobs.count <= Grid.cellsMax else {
        throw SpecError(key: "job", value: part, allowed: "list at most \(Grid.cellsMax) jobs")
      }
    }
    return jobs
  }

  /// The conditions of both.
  ///
  /// - Throws: `SpecError` naming a key that both have: which of the two is meant cannot be known.
  package func joined(with other: JobFilter) throws(SpecError) -> JobFilter {
    func one<Value>(_ key: String, _ a: Value?, _ b: Value?) throws(SpecError) -> Value? {
      guard a == nil || b == nil else {
        throw SpecError(key: key, value: "", allowed: "give it once: it is in two places of the command line")
      }
      return a ?? b
    }
    var joined = JobFilter(
      jobs: try one("job", jobs, other.jobs), study: try one("study", study, other.study),
      labels: try one("label", labels, other.labels), states: try one("state", states, other.states),
      priorities: try one("priority", priorities, other.priorities), parameters: parameters)
    for (key, values) in other.parameters.sorted(by: { $0.key < $1.key }) {
      joined.parameters[key] = try one(key, parameters[key], values)
    }
    return joined
  }
}
