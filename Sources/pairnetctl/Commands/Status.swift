import ArgumentParser
import PairAPI
import PairCore

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show how the daemon is and what it is doing.",
    discussion: """
      EXAMPLES:
        pairnetctl status
        pairnetctl status -o json | jq .counts.queued
      """)

  @Option(name: [.customShort("o"), .long], help: "table for people, json (as the API answers) for programs.")
  var output: StatusFormat = .table

  enum StatusFormat: String, CaseIterable, ExpressibleByArgument { case table, json }

  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func run() throws {
    let status: StatusResponse = try connection.client.get(.status)
    guard output == .table else { return Standard.output.write(try JSON.pretty(status)) }
    var fields = Fields()
    fields.add("pairnetd", "\(status.version), process \(status.pid)")
    fields.add("up", Format.clock(seconds: status.uptimeSeconds))
    if let since = status.queuePausedAt {
      fields.add(
        "queue",
        "PAUSED since \(since): no worker takes a job, \(Format.count(status.running.count)) still running; "
          + "'pairnetctl resume --queue' ends this", .warning)
    } else {
      fields.add("queue", "open")
    }
    fields.add("workers", "\(status.workers), instruction set \(status.instructionSet)")
    fields.add("numerics", "version \(status.numericsVersion)")
    fields.add("state", status.stateDirectory)
    fields.add("data", status.dataDirectory)
    let counts = Dictionary(uniqueKeysWithValues: JobState.allCases.map { ($0, status.counts[$0.rawValue] ?? 0) })
    fields.add("jobs", JobProgress(counts: counts).summary)
    fields.write()
    if !status.running.isEmpty {
      Standard.output.write("\n")
      JobReport.states(status.running).write()
    }
  }
}
