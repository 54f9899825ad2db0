import ArgumentParser
import PairAPI
import PairCore

/// What a control command does to a job, in words.
struct ControlVerb {
  /// As in "cancelled 3 jobs".
  var done: String
  /// The states that a job may be in for it.
  var sources: [JobState]
  /// Of these, the ones that are meant where jobs are named by conditions that say nothing of states.
  var usual: [JobState]

  /// - Parameter event: what happens to the jobs.
  init(_ done: String, _ event: JobState.Event, usual: [JobState]? = nil) {
    self.init(done, sources: JobState.allCases.filter { $0.after(event) != nil }, usual: usual)
  }

  init(_ done: String, sources: [JobState], usual: [JobState]? = nil) {
    self.done = done
    self.sources = sources
    self.usual = usual ?? sources
  }
}

/// Which jobs a control command is about, and how it says what it did.
struct ControlOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("Numbers of jobs and ranges of them, as in 3 7-9.", valueName: "job"))
  var jobs: [JobList] = []

  @OptionGroup var filter: FilterOptions

  @Flag(help: "Every job that it can be done to.")
  var all = false

  @Flag(name: .shortAndLong, help: "Print only the ids of the jobs that were changed, one a line.")
  var quiet = false

  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  /// Whether anything says which jobs are meant.
  var namesJobs: Bool {
    all || !jobs.isEmpty || filter.study != nil || filter.state != nil || filter.label != nil
      || filter.priority != nil || !filter.selectors.isEmpty || filter.parameters.areGiven
  }

  /// Asks the daemon, prints what it did, and fails if a job that was named by its number was left as it is.
  func run(
    _ verb: ControlVerb, _ ask: (DaemonClient, JobFilter) throws(Failure) -> ControlResponse
  ) throws(Failure) {
    let client = connection.client
    let ids = jobs.isEmpty ? nil : jobs.ids
    var filter = try filter.filter(jobs: ids, client)
    if filter.jobs == nil, filter.study == nil, filter.labels == nil, filter.priorities == nil,
      filter.parameters.isEmpty
    {
      guard all else {
        throw Failure(
          .usage,
          "which jobs? Give their numbers, --study, --label or a job parameter, or --all for every one that is "
            + Self.listed(verb.usual))
      }
    } else if all {
      throw Failure(.usage, "--all means every job; leave it out to name those that meet the conditions")
    }
    if ids == nil { filter.states = filter.states ?? verb.usual }
    let changed = try ask(client, filter).jobs
    if quiet {
      Standard.output.write(changed.map { "\($0)\n" }.joined())
    } else {
      let which = changed.isEmpty ? "" : ": \(Format.ranges(changed.sorted()))"
      Standard.output.write("\(verb.done) \(Format.count(changed.count, "job"))\(which)\n")
    }
    try reportRest(of: ids, verb, changed: changed, client)
  }

  /// Says which of the jobs that were named were not changed, and why.
  private func reportRest(
    of ids: [Int64]?, _ verb: ControlVerb, changed: [Int64], _ client: DaemonClient
  ) throws(Failure) {
    guard let ids else { return }
    let rest = Set(ids).subtracting(changed).sorted()
    guard !rest.isEmpty else { return }
    let states = Dictionary(uniqueKeysWithValues: try client.jobs(ids: rest).map { ($0.id, $0.state) })
    let reasons = rest.prefix(10).map { id in
      switch states[id] {
      case nil: "there is no job \(id)"
      case let state? where verb.sources.contains(state):
        "job \(id) does not meet the conditions: \(state.rawValue)"
      case let state? where state.isTerminal:
        "job \(id) has already ended: \(state.rawValue)"
      case let state?: "job \(id) is \(state.rawValue), not \(Self.listed(verb.sources))"
      }
    }
    throw Failure(.failed, reasons.joined(separator: "\n") + (rest.count > reasons.count ? "\n…" : ""))
  }

  private static func listed(_ states: [JobState]) -> String {
    let words = states.map(\.rawValue)
    return words.count < 2 ? words.joined() : "\(words.dropLast().joined(separator: ", ")) or \(words.last!)"
  }
}
