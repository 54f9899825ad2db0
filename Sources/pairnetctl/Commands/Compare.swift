import ArgumentParser
import PairAPI
import PairCore

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say whether one setting is better than another, and how sure that is.",
    discussion: """
      Each argument selects the runs of one setting: jobs that differ in nothing but
      the seed. Runs are paired by seed where the seeds are shared, and the answer
      says when they are not. It gives the difference with its interval, a t test, a
      rank test and a permutation test, and the chance that the first is better.
      With more than two settings all pairs are compared (or each with the first, by
      --against first), and p values are corrected by Holm's procedure over all of
      them. With --each the settings are compared anew for every value of a
      parameter, corrected over all of these. Conditions in options (--study,
      --where, --epochs …) hold for every setting.

      EXAMPLES:
        pairnetctl compare model=BaseNetAux model=BaseNet --where batch_norm=yes
        pairnetctl compare batch_norm=yes batch_norm=no --model BaseNet \\
          --each dropout
        pairnetctl compare model=BaseNetAux,dropout=0 model=BaseNet,dropout=0.5
        pairnetctl compare model=BaseNet model=BaseNetAux model=BaseNetWeightShare \\
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

  @Option(
    help: ArgumentHelp(
      "Compare anew for each value of these parameters, as in dropout or model,dropout.", valueName: "parameters"))
  var each: String?

  @OptionGroup var filter: FilterOptions

  @Option(
    name: [.customShort("o"), .long],
    help: "table for people; json (as the API answers), markdown and latex for programs and papers.")
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
    let keys = try KeyList.keys(in: each, of: "--each")
    guard keys?.contains(Parameter.seed.key) != true else {
      throw Failure(.usage, "--each: 'seed' is not allowed; a setting is compared over its seeds")
    }
    for setting in settings { _ = try setting.selector(of: setting.text) }
    let common = try filter.filter(client)
    var requested: [CompareRequest.Setting] = []
    for setting in settings {
      let own = try setting.filter(of: setting.text, client)
      if let key = keys?.first(where: { own.parameters[$0] != nil }) {
        throw Failure(.usage, "--each: '\(key)' is not allowed; \(setting.text) says which \(key) it means")
      }
      do {
        requested.append(.init(name: setting.name, filter: try common.joined(with: own)))
      } catch {
        throw Failure(.usage, "\(setting.text): \(error)")
      }
    }
    var groups: [[String: ParameterValue]] = []
    if let keys {
      groups = try values(of: keys, among: requested[0].filter, client)
      requested = inEach(groups, requested)
    }
    let answer: CompareResponse = try client.post(
      .compare,
      CompareRequest(
        settings: requested, metric: metric, level: level, halfWidth: halfWidth.map { $0 / MetricFormat(metric).scale },
        againstFirst: against == .first, groupsOf: keys == nil ? nil : settings.count))
    let report = CompareReport(answer, each: keys ?? [], groups: groups)
    switch output {
    case .json: Standard.output.write(try JSON.pretty(answer))
    case .markdown: report.writeMarkdown()
    case .latex: report.writeLaTeX()
    case .table: report.write()
    }
  }

  /// What the parameters are among the jobs of a setting, in the order of tables.
  private func values(
    of keys: [String], among filter: JobFilter, _ client: DaemonClient
  ) throws(Failure) -> [[String: ParameterValue]] {
    let answer: AggregateResponse = try client.get(
      .aggregate, AggregateQuery(filter: filter, by: keys, metric: metric).queryItems)
    guard !answer.rows.isEmpty else { throw Failure(.failed, "\(settings[0].text): no jobs match") }
    let count = answer.rows.count * settings.count
    guard count <= Limits.comparedInGroupsMax else {
      throw Failure(
        .usage,
        "--each: '\(keys.joined(separator: ","))' makes \(count) settings; at most \(Limits.comparedInGroupsMax) are "
          + "compared at once")
    }
    return answer.rows.map { row in row.group.filter { keys.contains($0.key) } }
  }

  /// Each setting with each of the values.
  private func inEach(
    _ groups: [[String: ParameterValue]], _ settings: [CompareRequest.Setting]
  ) -> [CompareRequest.Setting] {
    groups.flatMap { group in
      let name = SettingNames.text(group, Parameter.all.map(\.key))
      return settings.map { setting in
        var filter = setting.filter
        // A condition that holds for all settings has let just these values through.
        filter.parameters.merge(group.mapValues { [$0] }) { $1 }
        return CompareRequest.Setting(name: "\(setting.name), \(name)", filter: filter)
      }
    }
  }
}
