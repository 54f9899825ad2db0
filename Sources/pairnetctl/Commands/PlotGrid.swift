import ArgumentParser
import PairAPI
import PairCore

struct PlotGrid: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grid",
    abstract: "Draw the means of a grid of settings as a table of colours.",
    discussion: """
      By default the parameter with most values besides the model makes the columns,
      and the model with all the rest the rows.

      EXAMPLES:
        pairnetctl plot grid --study tuning
        pairnetctl plot grid --rows model,batch_norm --columns dropout \\
          --metric test_loss -o loss.svg
      """)

  @Option(help: "One of \(AggregateQuery.metrics.joined(separator: ", ")).")
  var metric = "test_accuracy"
  @Option(
    help: ArgumentHelp(
      "A row for each combination of these. (default: all that vary, but the columns)", valueName: "parameters"))
  var rows: String?
  @Option(
    help: ArgumentHelp("A column for each value. (default: the parameter that varies most)", valueName: "parameter"))
  var columns: String?
  @OptionGroup var filter: FilterOptions
  @OptionGroup var plot: PlotOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws { try MetricName.check(metric, in: AggregateQuery.metrics) }

  func run() throws {
    let rowKeys = try KeyList.keys(in: rows, of: "--rows")
    let columnKeys = try KeyList.keys(in: columns, of: "--columns")
    guard columnKeys?.count ?? 1 == 1, Set(rowKeys ?? []).isDisjoint(with: columnKeys ?? []) else {
      throw Failure(.usage, "--columns: give one parameter, which is not among --rows")
    }
    let client = connection.client
    var query = AggregateQuery(filter: try filter.filter(client), metric: metric)
    if let rowKeys, let columnKeys { query.by = rowKeys + columnKeys }
    var answer: AggregateResponse = try client.get(.aggregate, query.queryItems)
    let layout = GridLayout(of: answer, rows: rowKeys, column: columnKeys?.first)
    // A parameter asked for may not vary, and then is not among the keys of the answer.
    if query.by == nil, Set(layout.rows + [layout.column]) != Set(answer.by) {
      query.by = layout.rows + [layout.column]
      answer = try client.get(.aggregate, query.queryItems)
    }
    let plots = ResultPlots(metric: metric)
    guard answer.rows.contains(where: { $0.n > 0 }) else { throw ResultPlots.nothing(answer.rows.map(\.others)) }
    try plot.show(plots.grid(answer, layout))
    for warning in plots.warnings(answer.rows.map { ($0.group, $0.others) }) { note(warning) }
  }
}
