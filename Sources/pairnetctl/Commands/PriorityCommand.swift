import ArgumentParser
import PairAPI
import PairCore

struct PriorityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "priority",
    abstract: "Change which of the waiting jobs go first.",
    discussion: """
      Workers take the jobs of the highest priority first, and of these the ones
      that were submitted first.

      EXAMPLES:
        pairnetctl priority high --study tuning
        pairnetctl priority low --label nightly --state queued
        pairnetctl priority urgent 12
      """)

  @Argument(
    help: ArgumentHelp("One of \(Priority.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "level"))
  var level: String

  @OptionGroup var options: ControlOptions

  func run() throws {
    let priority: Priority
    do { priority = try Priority(parsing: level) } catch { throw Failure(.usage, "\(error)") }
    let waiting = JobState.allCases.filter { !$0.isTerminal }
    try options.run(ControlVerb("\(priority.rawValue) priority for", sources: waiting)) {
      client, filter throws(Failure) in
      // A job that has the priority already is as it was asked to be.
      let named = filter.jobs.map(Set.init)
      let changed: ControlResponse = try client.post(.priority, PriorityRequest(priority, filter))
      guard let named, !named.subtracting(changed.jobs).isEmpty else { return changed }
      let had = try client.jobs(ids: named.subtracting(changed.jobs).sorted()).filter {
        $0.priority == priority && !$0.state.isTerminal
      }
      return ControlResponse(jobs: (changed.jobs + had.map(\.id)).sorted())
    }
  }
}
