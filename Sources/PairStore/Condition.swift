import GRDB
import PairCore

/// A filter as SQL over `jobs`: terms to be joined by AND, and what is bound to their question marks.
struct Condition {
  private(set) var terms: [String] = []
  private(set) var arguments: [DatabaseValue] = []

  /// All of the filter but its states.
  ///
  /// - Throws: `StoreError.refused` for an unknown parameter or a value that it cannot have.
  init(_ filter: JobFilter) throws(StoreError) {
    if let jobs = filter.jobs { addIntegers("jobs.id", jobs) }
    if let study = filter.study { add("jobs.study = ?", study.databaseValue) }
    if let labels = filter.labels {
      let marks = labels.map { _ in "?" }.joined(separator: ", ")
      terms.append("jobs.study IN (SELECT study FROM study_labels WHERE label IN (\(marks)))")
      arguments += labels.map(\.databaseValue)
    }
    if let priorities = filter.priorities {
      terms.append("jobs.priority IN (\(priorities.map { String($0.rank) }.joined(separator: ", ")))")
    }
    for (key, values) in filter.parameters.sorted(by: { $0.key < $1.key }) {
      try add(values, of: key)
    }
  }

  /// Meets everything.
  init() {}

  /// Ready for a WHERE clause.
  var sql: String { terms.isEmpty ? "TRUE" : terms.joined(separator: " AND ") }

  mutating func add(_ term: String, _ values: DatabaseValue...) {
    terms.append(term)
    arguments += values
  }

  mutating func add(_ term: String, arguments values: [DatabaseValue]) {
    terms.append(term)
    arguments += values
  }

  /// Both columns have the values of one of the pairs.
  mutating func add(pairs: [(String, String)], _ first: String, _ second: String) {
    let alternatives = pairs.map { _ in "(\(first) = ? AND \(second) = ?)" }
    terms.append(alternatives.isEmpty ? "FALSE" : "(\(alternatives.joined(separator: " OR ")))")
    arguments += pairs.flatMap { [$0.0.databaseValue, $0.1.databaseValue] }
  }

  mutating func add(_ states: [JobState]) {
    // Literals, so that the planner sees which index serves them.
    terms.append("jobs.state IN (\(states.map { "'\($0.rawValue)'" }.joined(separator: ", ")))")
  }

  private mutating func add(_ values: [ParameterValue], of key: String) throws(StoreError) {
    guard let parameter = Parameter.named(key) else {
      throw .refused(
        SpecError(
          key: key, value: values.map(\.description).joined(separator: ","),
          allowed: "the parameters are \(Parameter.all.map(\.key).joined(separator: ", "))"))
    }
    var checked: [ParameterValue] = []
    for value in values {
      do { checked.append(try parameter.checked(value)) } catch { throw .refused(error) }
    }
    if case .integer = parameter.kind {
      addIntegers("jobs.\(key)", checked.compactMap { if case .integer(let value) = $0 { value } else { nil } })
    } else {
      terms.append("jobs.\(key) IN (\(checked.map { _ in "?" }.joined(separator: ", ")))")
      arguments += checked.map(\.databaseValue)
    }
  }

  /// Through one JSON array, because a filter may list more ids or seeds than SQLite takes arguments. Numbers with a
  /// fraction do not go this way: SQLite reads decimals with an error in the last bit on some machines.
  private mutating func addIntegers(_ column: String, _ values: [Int64]) {
    terms.append("\(column) IN (SELECT value FROM json_each(?))")
    arguments.append("[\(values.map(String.init).joined(separator: ","))]".databaseValue)
  }
}
