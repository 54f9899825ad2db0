import ArgumentParser
import PairAPI
import PairCore

struct PlotCurves: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curves",
    abstract: "Draw how settings learn: the mean over the seeds at each epoch, with its spread.",
    discussion: """
      EXAMPLES:
        pairnetctl plot curves --study tuning --where dropout=0
        pairnetctl plot curves --metric train_loss --by model -o loss.svg
      """)

  @Option(help: "One of \(CurvesQuery.metrics.joined(separator: ", ")).")
  var metric = "test_accuracy"
  @Option(
    help: ArgumentHelp(
      "A curve for each value of these parameters. (default: all but the seed)", valueName: "parameters"))
  var by: String?
  @OptionGroup var filter: FilterOptions
  @OptionGroup var plot: PlotOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws { try MetricName.check(metric, in: CurvesQuery.metrics) }

  func run() throws {
    let client = connection.client
    let keys = try KeyList.keys(in: by, of: "--by")
    let query = CurvesQuery(filter: try filter.filter(client), by: keys, metric: metric)
    let answer: CurvesResponse = try client.get(.curves, query.queryItems)
    let plots = ResultPlots(metric: metric)
    guard answer.curves.contains(where: { $0.runs > 0 }) else { throw ResultPlots.nothing(answer.curves.map(\.others)) }
    try plot.show(plots.curves(answer))
    for warning in plots.warnings(answer.curves.map { ($0.group, $0.others) }) { note(warning) }
  }
}
