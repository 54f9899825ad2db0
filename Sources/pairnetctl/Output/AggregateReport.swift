import PairAPI
import PairCore

/// Means over seeds as a table.
struct AggregateReport {
  let answer: AggregateResponse

  init(_ answer: AggregateResponse) { self.answer = answer }

  /// Accuracies are shown as percentages with one decimal; other metrics as they are.
  private var isAccuracy: Bool { answer.metric.hasSuffix("_accuracy") }

  private func figure(_ value: Double?) -> String {
    guard let value else { return "–" }
    return isAccuracy
      ? Format.percent(value) : Format.fixed(value, decimals: answer.metric.hasSuffix("_errors") ? 1 : 4)
  }

  func report() -> Report {
    let groups = answer.rows.map(\.group)
    let parameters = ParameterColumns(of: groups)
    // Keys that --by names are shown in its order; all others in the usual order.
    let columns = answer.by.compactMap { key in parameters.shown.first { $0.key == key } }
    var table = Table(
      columns: columns.map(ParameterColumns.column) + [
        .number("n"), .number(isAccuracy ? "\(answer.metric) %" : answer.metric), .number("95 % interval"),
        .number("min"), .number("max"), .text("not in the figures"),
      ])
    for row in answer.rows {
      let isUnequal = unequal != nil && row.n < nMax
      table.append(
        columns.map { Table.Cell(row.group[$0.key].map(Format.value) ?? "") } + [
          Table.Cell(isUnequal ? "\(row.n)*" : hasMarks ? "\(row.n) " : "\(row.n)", isUnequal ? .warning : .plain),
          Table.Cell(meanAndDeviation(row)), Table.Cell(interval(row)), Table.Cell(figure(row.min)),
          Table.Cell(figure(row.max)), Table.Cell(others(row), .warning),
        ])
    }
    var remarks = parameters.constants.map { ["in every row: \($0)"] } ?? []
    if let unequal { remarks.append("* \(unequal)") }
    return Report(table: table, remarks: remarks)
  }

  private var nMax: Int { answer.rows.map(\.n).max() ?? 0 }
  private var hasMarks: Bool { unequal != nil }

  /// A sentence if the rows do not rest on equally many jobs.
  var unequal: String? {
    guard let least = answer.rows.map(\.n).min(), least < nMax else { return nil }
    return "n differs between the rows, from \(least) to \(nMax): compare them with care"
  }

  /// What must not be overlooked even where the table goes to a file.
  var warnings: [String] {
    var warnings: [String] = []
    if let unequal { warnings.append(unequal) }
    let others = answer.rows.reduce(into: [JobState: Int]()) { counts, row in
      for (state, count) in row.others { JobState(rawValue: state).map { counts[$0, default: 0] += count } }
    }
    let progress = JobProgress(counts: others)
    if progress.total > 0 {
      warnings.append("\(Format.count(progress.total, "job")) not in the figures: \(progress.summary)")
    }
    return warnings
  }

  /// `83.0 ± 1.2`; one value has no deviation.
  private func meanAndDeviation(_ row: AggregateRow) -> String {
    guard row.mean != nil else { return "–" }
    return "\(figure(row.mean)) ± \(figure(row.standardDeviation))"
  }

  private func interval(_ row: AggregateRow) -> String {
    guard row.intervalLow != nil, row.intervalHigh != nil else { return "–" }
    return "\(figure(row.intervalLow)) … \(figure(row.intervalHigh))"
  }

  private func others(_ row: AggregateRow) -> String {
    JobState.allCases.compactMap { state in
      row.others[state.rawValue].flatMap { $0 > 0 ? "\($0) \(state.rawValue)" : nil }
    }.joined(separator: ", ")
  }

  /// All keys grouped by, numbers in full, a column for every state, and the jobs behind each row.
  func csv() -> CSV {
    let states = JobState.allCases.filter { $0 != .succeeded }
    var csv = CSV(
      header: answer.by + ["metric", "n", "mean", "standard_deviation", "interval_low", "interval_high", "min", "max"]
        + states.map(\.rawValue) + ["jobs"])
    for row in answer.rows {
      csv.append(
        answer.by.map { row.group[$0]?.description ?? "" } + [
          answer.metric, String(row.n), CSV.number(row.mean), CSV.number(row.standardDeviation),
          CSV.number(row.intervalLow), CSV.number(row.intervalHigh), CSV.number(row.min), CSV.number(row.max),
        ] + states.map { String(row.others[$0.rawValue] ?? 0) }
          + [row.jobs.map { String($0) }.joined(separator: " ")])
    }
    return csv
  }
}
