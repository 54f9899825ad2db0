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
      With --best, only the best setting of each model is shown: the one with the
      highest mean accuracy, or the lowest mean of anything else. Ties are all shown.

      EXAMPLES:
        pairnetctl results --aggregate
        pairnetctl results --aggregate --jobs --where study=table1,batch_norm=yes
        pairnetctl results --best test_accuracy -o latex > table.tex
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

  @Option(
    help: ArgumentHelp(
      """
      The best setting of each model by the mean of this metric. Implies --aggregate; --metric chooses another metric \
      to show.
      """,
      valueName: "metric"))
  var best: String?

  @Flag(help: "With --aggregate: list the jobs behind each row.")
  var jobs = false

  @OptionGroup var filter: FilterOptions
  @Option(
    name: [.customShort("o"), .long],
    help: "table for people; csv (RFC 4180), json (as the API answers), markdown and latex for programs and papers.")
  var output: ResultFormat = .table
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    guard aggregates || (by == nil && metric == nil && !jobs) else {
      throw ValidationError("--by, --metric and --jobs go with --aggregate.")
    }
    guard aggregates || filter.state == nil else {
      throw ValidationError("--state goes with --aggregate: only jobs that succeeded have results.")
    }
    for (option, metric) in [("--metric", metric), ("--best", best)] {
      if let metric { try MetricName.check(metric, of: option, in: AggregateQuery.metrics) }
    }
  }

  private var aggregates: Bool { aggregate || best != nil }

  func run() throws {
    let keys = try KeyList.keys(in: by, of: "--by") ?? Parameter.all.filter { $0 != .seed }.map(\.key)
    if best != nil, !keys.contains(Parameter.model.key) {
      throw Failure(.usage, "--by: --best picks a setting per model; list model among the parameters")
    }
    let client = connection.client
    let filter = try filter.filter(client)
    if aggregates {
      try writeAggregate(AggregateQuery(filter: filter, by: keys, metric: metric ?? best ?? "test_accuracy"), client)
    } else {
      try writeJobs(filter, client)
    }
  }

  private func writeAggregate(_ query: AggregateQuery, _ client: DaemonClient) throws {
    var answer: AggregateResponse = try client.get(.aggregate, query.queryItems)
    var remarks: [String] = []
    if let best {
      var ranking = answer
      if best != query.metric {
        var other = query
        other.metric = best
        ranking = try client.get(.aggregate, other.queryItems)
      }
      let selection = BestSettings(of: ranking)
      answer.rows = answer.rows.filter { selection.groups.contains($0.group) }
      remarks = selection.remarks
    }
    let report = AggregateReport(answer, showsJobs: jobs, isWhole: best == nil, remarks: remarks)
    switch output {
    case .json: Standard.output.write(try JSON.pretty(answer))
    case .csv: Standard.output.write(report.csv().rendered())
    case .markdown: report.report().writeMarkdown()
    case .latex: report.report().writeLaTeX()
    case .table:
      if answer.rows.isEmpty { return note("no jobs") }
      report.report().write()
    }
    for warning in report.warnings { note(warning) }
    if output == .json || output == .csv { for remark in remarks { note(remark) } }
  }

  private func writeJobs(_ filter: JobFilter, _ client: DaemonClient) throws {
    let jobs = try client.jobs(.results, filter)
    switch output {
    case .json: Standard.output.write(try JSON.pretty(JobsResponse(jobs: jobs)))
    case .csv: Standard.output.write(JobReport.csv(jobs).rendered())
    case .markdown: JobReport.results(jobs).writeMarkdown()
    case .latex: JobReport.results(jobs).writeLaTeX()
    case .table:
      if jobs.isEmpty { return note("no results") }
      JobReport.results(jobs).write()
    }
  }
}
