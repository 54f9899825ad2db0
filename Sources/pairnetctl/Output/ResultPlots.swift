import PairAPI
import PairCore
import PairPlots

/// Plots of what the daemon answered.
struct ResultPlots {
  let format: MetricFormat
  private var title: String {
    let words = format.metric.replacing("_", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  init(metric: String) { format = MetricFormat(metric) }

  /// With more curves than this, bands would only cover each other.
  static let bandsMax = 8

  /// The mean over the seeds at each epoch ± their standard deviation. Ends where the first run of a setting ends: the
  /// mean of those that are left would flatter.
  func curves(_ answer: CurvesResponse) -> LinePlot {
    let shown = answer.curves.filter { $0.runs > 0 }
    let names = SettingNames(of: answer.curves.map(\.group), by: answer.by)
    let hasBands = shown.count <= Self.bandsMax
    let curves = shown.map { curve in
      let whole = curve.epochs.prefix { $0.n == curve.runs }
      let name = names.name(curve.group)
      return LinePlot.Curve(
        name: whole.count == curve.epochs.count ? name : "\(name) (a run ended at \(whole.count))",
        points: whole.map { epoch in
          let mean = epoch.mean * format.scale
          let spread = hasBands ? epoch.standardDeviation.map { $0 * format.scale } : nil
          return LinePlot.Point(
            x: Double(epoch.epoch), y: mean, low: spread.map { mean - $0 }, high: spread.map { mean + $0 })
        })
    }
    return LinePlot(
      title: title + names.suffix,
      subtitle: "mean of \(Self.count(shown.map(\.runs), "seed")); "
        + (hasBands
          ? LinePlot.Band.standardDeviation.description : "no bands, because more than \(Self.bandsMax) curves"),
      yLabel: format.label, curves: curves)
  }

  /// A box of the runs of each setting; a setting without one keeps its line.
  func boxes(_ answer: AggregateResponse) -> BoxPlot {
    let names = SettingNames(of: answer.rows.map(\.group), by: answer.by)
    return BoxPlot(
      title: title + names.suffix, subtitle: "\(Self.count(answer.rows.map(\.n), "run")) a setting",
      valueLabel: format.label,
      groups: answer.rows.map { row in
        .init(name: names.name(row.group), values: (row.values ?? []).map { $0 * format.scale })
      })
  }

  /// The mean of each setting, the best of each row marked.
  func grid(_ answer: AggregateResponse, _ layout: GridLayout) -> Heatmap {
    let names = SettingNames(of: answer.rows.map(\.group), by: layout.rows)
    var columns: [ParameterValue] = []
    var rows: [[String: ParameterValue]] = []
    var cells: [[String: ParameterValue]: [ParameterValue: AggregateRow]] = [:]
    for row in answer.rows {
      guard let value = row.group[layout.column] else { continue }
      let group = row.group.filter { layout.rows.contains($0.key) }
      if !columns.contains(value) { columns.append(value) }
      if cells[group] == nil { rows.append(group) }
      cells[group, default: [:]][value] = row
    }
    columns.sort { GridLayout.precedes($0, $1) }
    return Heatmap(
      title: title + names.suffix,
      subtitle: "mean ± standard deviation of \(Self.count(answer.rows.map(\.n), "run"))", valueLabel: format.label,
      columnLabel: layout.column, columns: columns.map(Format.value),
      rows: rows.map { group in
        let means = columns.compactMap { cells[group]?[$0]?.mean }
        let best = means.count > 1 ? (format.higherIsBetter ? means.max() : means.min()) : nil
        return .init(
          name: names.name(group),
          cells: columns.map { value in
            guard let row = cells[group]?[value] else { return .missing("no job") }
            guard let mean = row.mean else { return .missing(Self.others(row.others)) }
            return .value(
              mean * format.scale, spread: row.standardDeviation.map { $0 * format.scale }, best: mean == best)
          })
      },
      places: format.decimals)
  }

  /// What is not in the picture.
  func warnings(_ settings: [(group: [String: ParameterValue], others: [String: Int])]) -> [String] {
    let others = settings.reduce(into: [String: Int]()) { $0.merge($1.others) { $0 + $1 } }
    return others.isEmpty ? [] : ["jobs not in the plot: \(Self.others(others))"]
  }

  /// Nothing can be drawn.
  static func nothing(_ others: [[String: Int]]) -> Failure {
    let all = others.reduce(into: [String: Int]()) { $0.merge($1) { $0 + $1 } }
    return Failure(.failed, all.isEmpty ? "no jobs to draw" : "no results to draw yet: \(Self.others(all))")
  }

  private static func others(_ counts: [String: Int]) -> String {
    counts.sorted { $0.key < $1.key }.map {
      "\(Format.count($0.value)) \($0.key == JobState.succeeded.rawValue ? "without this metric" : $0.key)"
    }.joined(separator: ", ")
  }

  /// `10 seeds`, or `8 to 10 seeds` where they differ.
  private static func count(_ counts: [Int], _ noun: String) -> String {
    let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
    return least == most ? Format.count(most, noun) : "\(Format.count(least)) to \(Format.count(most, noun))"
  }
}

extension GridLayout {
  /// Numbers by size, everything else by its text.
  static func precedes(_ a: ParameterValue, _ b: ParameterValue) -> Bool {
    func number(_ value: ParameterValue) -> Double? {
      switch value {
      case .integer(let value): Double(value)
      case .number(let value): value
      case .flag, .text: nil
      }
    }
    if let a = number(a), let b = number(b) { return a < b }
    return a.description < b.description
  }
}
