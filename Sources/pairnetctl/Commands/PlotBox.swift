import ArgumentParser
import PairAPI
import PairCore

struct PlotBox: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "box",
    abstract: "Draw how the runs of each setting are distributed: quartiles, whiskers and every run.",
    discussion: """
      EXAMPLES:
        pairnetctl plot box --study tuning --where dropout=0
        pairnetctl plot box --by model --metric duration_seconds -o times.svg
      """)

  @Option(help: "One of \(AggregateQuery.metrics.joined(separator: ", ")).")
  var metric = "test_accuracy"
  @Option(
    help: ArgumentHelp("A box for each value of these parameters. (default: all but the seed)", valueName: "parameters")
  )
  var by: String?
  @OptionGroup var filter: FilterOptions
  @OptionGroup var plot: PlotOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws { try MetricName.check(metric, in: AggregateQuery.metrics) }

  func run() throws {
    let client = connection.client
    let keys = try KeyList.keys(in: by, of: "--by")
    let query = AggregateQuery(filter: try filter.filter(client), by: keys, metric: metric, values: true)
    let answer: AggregateResponse = try client.get(.aggregate, query.queryItems)
    let plots = ResultPlots(metric: metric)
    guard answer.rows.contains(where: { $0.n > 0 }) else { throw ResultPlots.nothing(answer.rows.map(\.others)) }
    try plot.show(plots.boxes(answer))
    for warning in plots.warnings(answer.rows.map { ($0.group, $0.others) }) { note(warning) }
  }
}
