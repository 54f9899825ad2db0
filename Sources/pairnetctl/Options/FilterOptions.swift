import ArgumentParser
import PairAPI
import PairCore

/// Which jobs a command is about: those that meet every condition given.
struct FilterOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Jobs of this study.", valueName: "number|name"))
  var study: String?

  @Option(
    help: ArgumentHelp(
      "Jobs in one of these states: \(JobState.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "states"))
  var state: String?

  @Option(help: ArgumentHelp("Jobs of studies with one of these labels.", valueName: "labels"))
  var label: String?

  @Option(
    help: ArgumentHelp(
      "Jobs of one of these priorities: \(Priority.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "priorities"))
  var priority: String?

  @Option(name: .customLong("where"), help: ArgumentHelp(SelectorArgument.help, valueName: "selector"))
  var selectors: [SelectorArgument] = []

  @OptionGroup(title: "Job parameters (conditions: only jobs with one of these values)")
  var parameters: ParameterOptions

  /// The conditions; a study's name is looked up in the daemon.
  func filter(jobs: [Int64]? = nil, _ client: DaemonClient) throws(Failure) -> JobFilter {
    // What is wrong on the command line is said before the daemon is asked.
    let states = try Self.list(state, "--state", JobState.states)
    let labels = try Self.list(label, "--label", StudyOptions.labels)
    let priorities = try Self.list(priority, "--priority", Priority.priorities)
    let values = try parameters.values()
    for selector in selectors { _ = try selector.selector(of: "--where") }
    var id: Int64?
    if let study { id = try StudyName.id(of: study, client) }
    var filter = JobFilter(
      jobs: jobs, study: id, labels: labels, states: states, priorities: priorities, parameters: values)
    for selector in selectors {
      let other = try selector.filter(of: "--where", client)
      do { filter = try filter.joined(with: other) } catch { throw Failure(.usage, "--where: \(error)") }
    }
    return filter
  }

  private static func list<Value>(
    _ text: String?, _ option: String, _ parse: (String) throws(SpecError) -> [Value]
  ) throws(Failure) -> [Value]? {
    guard let text else { return nil }
    do { return try parse(text) } catch {
      throw Failure(.usage, "\(option): '\(error.value)' is not allowed; \(error.allowed)")
    }
  }
}

/// A study on the command line: its number or its name.
enum StudyName {
  /// - Throws: a failure if there is no such study.
  static func id(of text: String, _ client: DaemonClient, option: String = "--study") throws(Failure) -> Int64 {
    if let id = Int64(text) {
      guard id > 0 else { throw Failure(.usage, "\(option): '\(text)' is not allowed; give a study's number or name") }
      // A mistyped number is not to pass for a study without jobs.
      let study: StudyRecord = try client.get(.study(id))
      return study.id
    }
    let studies = try client.studies(name: text)
    guard let study = studies.first else {
      let hint = NearName.hint(text, among: try client.studies().map(\.name))
      throw Failure(.failed, "there is no study named '\(text)'\(Format.printable(hint))")
    }
    guard studies.count == 1 else {
      throw Failure(
        .usage,
        "\(option): '\(text)' names \(studies.count) studies; give the number of one: "
          + studies.map { String($0.id) }.joined(separator: ", "))
    }
    return study.id
  }
}
