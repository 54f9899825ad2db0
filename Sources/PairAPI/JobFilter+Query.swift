import PairCore

extension JobFilter {
  /// The names that a query may use for a filter.
  package static let queryNames = ["job", "study", "label", "state", "priority"] + Parameter.all.map(\.key)

  /// The filter as a query: `job=1,2&study=3&label=tuning&state=queued,running&priority=high&model=BaseNet&seed=1,2,3`.
  package var queryItems: [QueryItem] {
    var items: [QueryItem] = []
    if let jobs { items.append(QueryItem("job", jobs.map(String.init).joined(separator: ","))) }
    if let study { items.append(QueryItem("study", String(study))) }
    if let labels { items.append(QueryItem("label", labels.joined(separator: ","))) }
    if let states { items.append(QueryItem("state", states.map(\.rawValue).joined(separator: ","))) }
    if let priorities { items.append(QueryItem("priority", priorities.map(\.rawValue).joined(separator: ","))) }
    for (key, values) in parameters.sorted(by: { $0.key < $1.key }) {
      items.append(QueryItem(key, values.map(\.description).joined(separator: ",")))
    }
    return items
  }

  /// Takes the filter's items out of `query`; what remains is for the caller to read or refuse.
  ///
  /// A parameter's values are a list as on the command line: `seed=1-5`, `dropout=0,0.5`, `model=all`.
  /// - Throws: `SpecError` naming the condition that cannot be read.
  package init(taking query: inout [QueryItem]) throws(SpecError) {
    self.init()
    if let item = query.take("job") { jobs = try Self.jobs(listedIn: item.value) }
    if let item = query.take("study") {
      guard let id = Int64(item.value), id > 0 else {
        throw SpecError(key: "study", value: item.value, allowed: "give a study's number")
      }
      study = id
    }
    if let item = query.take("label") { labels = try StudyOptions.labels(listedIn: item.value) }
    if let item = query.take("priority") { priorities = try Priority.priorities(listedIn: item.value) }
    if let item = query.take("state") { states = try JobState.states(listedIn: item.value) }
    for parameter in Parameter.all {
      guard let item = query.take(parameter.key) else { continue }
      parameters[parameter.key] = try parameter.values(listedIn: item.value)
    }
  }
}

extension [QueryItem] {
  /// Removes and returns the item of that name.
  package mutating func take(_ name: String) -> QueryItem? {
    guard let index = firstIndex(where: { $0.name == name }) else { return nil }
    return remove(at: index)
  }

  /// - Throws: `SpecError` if anything was not taken, naming it and what is allowed.
  package func refuseRest(allowed names: [String]) throws(SpecError) {
    guard let item = first else { return }
    throw SpecError(
      key: item.name, value: item.value,
      allowed: names.isEmpty ? "this request takes no query" : "the query's names are \(names.joined(separator: ", "))")
  }
}
