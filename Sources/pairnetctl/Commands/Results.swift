import ArgumentParser
import PairAPI
import PairCore

struct Results: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tabulate results, job by job or as means over seeds.",
    discussion: """
      With --aggregate, jobs that agree in everything but the seed (or in the
      parameters named by --by) are one row: how many succeeded (n), mean ± sample
      standard deviation, the mean's 95 % interval (Student's t), the smallest and
      the largest. Jobs of a row that are not in its figures are named beside it.

      EXAMPLES:
        pairnetctl results --aggregate
        pairnetctl results --aggregate --by model --metric train_accuracy
        pairnetctl results --model BaseNet --seed 1-5 -o csv > results.csv
        pairnetctl results --aggregate -o markdown >> report.md
      """)

  @Flag(help: "Means over the seeds instead of one row a job.")
  var aggregate = false

  @Option(
    help: ArgumentHelp(
      "With --aggregate: group by these parameters, as in model,dropout. (default: all but the seed)",
      valueName: "parameters"))
  var by: String?

  @Option(help: "With --aggregate: one of \(AggregateQuery.metrics.joined(separator: ", ")). (default: test_accuracy)")
  var metric: String?

  @OptionGroup var filter: FilterOptions
  @OptionGroup var format: OutputOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    guard aggregate || (by == nil && metric == nil) else {
      throw ValidationError("--by and --metric go with --aggregate.")
    }
    if let metric, !AggregateQuery.metrics.contains(metric) {
      throw ValidationError(
        "--metric: '\(metric)' is not allowed; give one of \(AggregateQuery.metrics.joined(separator: ", "))")
    }
  }

  func run() throws {
    let keys = try keys()
    let client = connection.client
    let filter = try filter.filter(client)
    if aggregate {
      try writeAggregate(AggregateQuery(filter: filter, by: keys, metric: metric ?? "test_accuracy"), client)
    } else {
      try writeJobs(filter, client)
    }
  }

  /// The keys of --by; an option's spelling (batch-norm) is as good. Without --by every parameter but the seed.
  private func keys() throws(Failure) -> [String] {
    guard let by else { return Parameter.all.filter { $0 != .seed }.map(\.key) }
    var keys: [String] = []
    for part in by.split(separator: ",", omittingEmptySubsequences: false) {
      let key = String(part.map { $0 == "-" ? "_" : $0 })
      guard Parameter.named(key) != nil, !keys.contains(key) else {
        throw Failure(
          .usage,
          "--by: '\(part)' is not allowed; list parameters, each once: "
            + Parameter.all.map(\.key).joined(separator: ", "))
      }
      keys.append(key)
    }
    return keys
  }

  private func writeAggregate(_ query: AggregateQuery, _ client: DaemonClient) throws {
    let answer: AggregateResponse = try client.get(.aggregate, query.queryItems)
    let report = AggregateReport(answer)
    switch format.output {
    case .json: Standard.output.write(try JSON.pretty(answer))
    case .csv: Standard.output.write(report.csv().rendered())
    case .markdown: report.report().writeMarkdown()
    case .table:
      if answer.rows.isEmpty { return note("no jobs") }
      report.report().write()
    }
    for warning in report.warnings { note(warning) }
  }

  private func writeJobs(_ filter: JobFilter, _ client: DaemonClient) throws {
    let jobs = try client.jobs(.results, filter)
    switch format.output {
    case .json: Standard.output.write(try JSON.pretty(JobsResponse(jobs: jobs)))
    case .csv: Standard.output.write(JobReport.csv(jobs).rendered())
    case .markdown: JobReport.results(jobs).writeMarkdown()
    case .table:
      if jobs.isEmpty { return note("no results") }
      JobReport.results(jobs).write()
    }
  }
}
