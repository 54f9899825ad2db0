import ArgumentParser
import PairAPI
import PairCore

struct Cancel: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Give up jobs that are queued or running.",
    discussion: """
      Jobs are named by number or by conditions; without either, only --all cancels
      everything that has not ended.

      EXAMPLES:
        pairnetctl cancel 12 15-20
        pairnetctl cancel --study tuning --model BaseNet --seed 6-10
        pairnetctl cancel --where study=tuning,model=BaseNet,seed=6-10
        pairnetctl cancel --all --state queued
      """)

  @Argument(help: ArgumentHelp("Numbers of jobs and ranges of them, as in 3 7-9.", valueName: "job"))
  var jobs: [JobList] = []

  @OptionGroup var filter: FilterOptions

  @Flag(help: "Cancel every job that has not ended.")
  var all = false

  @Flag(name: .shortAndLong, help: "Print only the cancelled jobs' ids, one a line.")
  var quiet = false

  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func run() throws {
    let client = connection.client
    let ids = jobs.isEmpty ? nil : jobs.ids
    var filter = try filter.filter(jobs: ids, client)
    if filter.jobs == nil, filter.study == nil, filter.parameters.isEmpty {
      guard all else {
        throw Failure(
          .usage, "which jobs? Give their numbers, --study or a job parameter, or --all for every job not yet ended")
      }
      filter.states = filter.states ?? [.queued, .running]
    } else if all {
      throw Failure(.usage, "--all means every job; leave it out to cancel those that meet the conditions")
    }
    let answer: CancelResponse = try client.post(.cancel, CancelRequest(filter))
    if quiet {
      Standard.output.write(answer.cancelled.map { "\($0)\n" }.joined())
    } else {
      let which = answer.cancelled.isEmpty ? "" : ": \(Format.ranges(answer.cancelled.sorted()))"
      Standard.output.write("cancelled \(Format.count(answer.cancelled.count, "job"))\(which)\n")
    }
    try reportRest(of: ids, cancelled: answer.cancelled, client)
  }

  /// Says which of the jobs that were named were not cancelled, and why.
  private func reportRest(of ids: [Int64]?, cancelled: [Int64], _ client: DaemonClient) throws(Failure) {
    guard let ids else { return }
    let rest = Set(ids).subtracting(cancelled).sorted()
    guard !rest.isEmpty else { return }
    let states = Dictionary(uniqueKeysWithValues: try client.jobs(ids: rest).map { ($0.id, $0.state) })
    let reasons = rest.prefix(10).map { id in
      switch states[id] {
      case nil: "there is no job \(id)"
      case let state? where state.isTerminal: "job \(id) has already ended: \(state.rawValue)"
      case let state?: "job \(id) does not meet the conditions: \(state.rawValue)"
      }
    }
    throw Failure(.failed, reasons.joined(separator: "\n") + (rest.count > reasons.count ? "\n…" : ""))
  }
}
