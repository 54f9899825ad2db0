import ArgumentParser
import PairAPI
import PairCore

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say whether one setting is better than another, and how sure that is.",
    discussion: """
      Each argument selects the runs of one setting: jobs that differ in nothing but the
      seed. Runs are paired by seed where the seeds are shared, and the answer says when
      they are not. It gives the difference with its interval, a t test, a rank test and a
      permutation test, and the chance that the first is better. With more than two
      settings all pairs are compared (or each with the first, by --against first), and
      p values are corrected by Holm's procedure over all of them. Conditions in options
      (--study, --where, --epochs …) hold for every setting.

      EXAMPLES:
        pairnetctl compare model=BaseNetAux,batch_norm=true model=BaseNet,batch_norm=true
        pairnetctl compare batch_norm=yes batch_norm=no --model BaseNet --study tuning
        pairnetctl compare model=BaseNet model=BaseNetAux model=BaseNetWeightShareAux \\
          --where study=table1,dropout=0,batch_norm=no --half-width 0.5 -o markdown
      """)

  enum Family: String, CaseIterable, ExpressibleByArgument {
    case all, first
  }

  @Argument(help: ArgumentHelp(SelectorArgument.help, valueName: "selector"))
  var settings: [SelectorArgument]

  @Option(help: "One of \(AggregateQuery.metrics.joined(separator: ", ")).")
  var metric = "test_accuracy"

  @Option(help: "The level of the intervals; a difference counts as shown where p < 1 - level.")
  var level = 0.95

  @Option(
    help: ArgumentHelp(
      "Say how many more seeds make the interval of a difference ± this: points of accuracy, or the metric's unit.",
      valueName: "number"))
  var halfWidth: Double?

  @Option(help: "Compare all pairs, or each setting with the first.")
  var against: Family = .all

  @OptionGroup var filter: FilterOptions

  @Option(name: [.customShort("o"), .long], help: "table for people; json (as the API answers), markdown.")
  var output: ComparisonFormat = .table

  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    guard settings.count >= 2 else {
      throw ValidationError("give at least two settings, as in model=BaseNetAux model=BaseNet")
    }
    let request = CompareRequest(
      settings: settings.map { .init(name: $0.text, filter: JobFilter()) }, metric: metric, level: level,
      halfWidth: halfWidth)
    do { try request.check() } catch {
      throw ValidationError("--\(error.key.kebabCased): '\(error.value)' is not allowed; \(error.allowed)")
    }
  }

  func run() throws {
    let client = connection.client
    for setting in settings { _ = try setting.selector(of: setting.text) }
    let common = try filter.filter(client)
    var requested: [CompareRequest.Setting] = []
    for setting in settings {
      let own = try setting.filter(of: setting.text, client)
      do {
        requested.append(.init(name: setting.name, filter: try common.joined(with: own)))
      } catch {
        throw Failure(.usage, "\(setting.text): \(error)")
      }
    }
    let answer: CompareResponse = try client.post(
      .compare,
      CompareRequest(
        settings: requested, metric: metric, level: level, halfWidth: halfWidth.map { $0 / MetricFormat(metric).scale },
        againstFirst: against == .first))
    let report = CompareReport(answer)
    switch output {
    case .json: Standard.output.write(try JSON.pretty(answer))
    case .markdown: report.writeMarkdown()
    case .table: report.write()
    }
  }
}
