import ArgumentParser
import PairAPI
import PairCore

struct Jobs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List jobs and their states.",
    discussion: """
      EXAMPLES:
        pairnetctl jobs --state running,queued
        pairnetctl jobs --study tuning --model BaseNet --seed 1-5 -o csv
        pairnetctl jobs --where study=tuning,model=BaseNet,BaseNetAux,state=failed
        pairnetctl jobs --state failed --all -o json | jq '.jobs[].reason'
      """)

  @OptionGroup var filter: FilterOptions

  @Option(help: "Show the last of the jobs, at most so many.")
  var limit = 50

  @Flag(help: "Show all of the jobs.")
  var all = false

  @OptionGroup var format: OutputOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit: '\(limit)' is not allowed; give an integer from 1") }
  }

  func run() throws {
    let client = connection.client
    let filter = try filter.filter(client)
    // One more than is shown tells whether there are more.
    var jobs = all ? try client.jobs(.jobs, filter) : try client.newestJobs(filter, limit: limit + 1)
    let isCut = !all && jobs.count > limit
    if isCut { jobs.removeFirst(jobs.count - limit) }
    switch format.output {
    case .json: Standard.output.write(try JSON.pretty(JobsResponse(jobs: jobs)))
    case .csv: Standard.output.write(JobReport.csv(jobs).rendered())
    case .markdown: Standard.output.write(JobReport.states(jobs).table.markdown())
    case .table:
      if jobs.isEmpty { return note("no jobs") }
      JobReport.states(jobs).write()
    }
    if isCut { note("these are the last \(Format.count(limit)) jobs; --limit or --all shows more") }
  }
}
