import PairAPI
import PairCore

/// Table I as reproduced, beside the report's.
struct TableOneReport {
  let answer: ReproductionResponse

  init(_ answer: ReproductionResponse) { self.answer = answer }

  var report: Report {
    let summary = answer.reproduction
    let split = summary.protocol == .report ? "test" : "validation"
    var table = Table(columns: [
      .text("model"), .text("batch_norm"), .number("dropout"), .number("grid \(split) %"), .number("n"),
      .number("test_accuracy %"), .text("report's"), .number("report's %"), .number("difference"),
      .number("95 % interval"), .number("p"), .text("not in the figures"),
    ])
    for row in answer.rows {
      table.append([
        Table.Cell(row.setting.model.rawValue), Table.Cell(Format.value(.flag(row.setting.batchNorm))),
        Table.Cell(Format.plain(row.setting.dropout)), Table.Cell(Format.percent(row.gridAccuracy)),
        Table.Cell(String(row.n)), Table.Cell(figures(row.mean, row.standardDeviation)),
        Table.Cell("\(row.reportSetting.batchNorm ? "bn" : "no bn"), \(Format.plain(row.reportSetting.dropout))"),
        Table.Cell(figures(row.reportMean, row.reportStandardDeviation)),
        Table.Cell(row.difference.map(points) ?? "–"), Table.Cell(interval(row)),
        Table.Cell(row.p.map(pValue) ?? "–"), Table.Cell(others(row), .warning),
      ])
    }
    return Report(table: table, remarks: heading + conclusions + answer.remarks)
  }

  private var heading: [String] {
    let summary = answer.reproduction
    var heading =
      "reproduction \(summary.id), protocol \(summary.protocol.rawValue), \(Format.printable(summary.dataset)): "
      + "\(Format.count(summary.trainPairs)) train and \(Format.count(summary.testPairs)) test pairs, "
      + "\(Format.count(summary.epochs, "epoch")); grid of seed \(summary.seed) in study \(summary.gridStudy)"
    if let runs = summary.runsStudy {
      heading += ", runs of seeds \(summary.seed + 1)-\(summary.seed + Int64(summary.runs)) in study \(runs)"
    }
    if let wall = answer.wallSeconds {
      heading +=
        "; \(Format.clock(seconds: wall)) wall time, \(Format.clock(seconds: answer.trainingSeconds)) of training"
    } else if answer.state != .done {
      heading += "; not done yet"
    }
    return [heading]
  }

  private var conclusions: [String] {
    answer.state == .done
      ? answer.rows.compactMap { row in row.conclusion.map { "\(row.setting.model.rawValue): \($0)" } } : []
  }

  private func figures(_ mean: Double?, _ deviation: Double?) -> String {
    guard let mean else { return "–" }
    return "\(Format.percent(mean)) ± \(deviation.map { Format.percent($0) } ?? "–")"
  }

  private func points(_ value: Double) -> String { (value > 0 ? "+" : "") + Format.percent(value) }

  private func interval(_ row: ReproductionRow) -> String {
    guard let low = row.intervalLow, let high = row.intervalHigh else { return "–" }
    return "\(points(low)) … \(points(high))"
  }

  private func pValue(_ p: Double) -> String { p < 0.0001 ? "< 0.0001" : Format.fixed(p, decimals: 4) }

  private func others(_ row: ReproductionRow) -> String {
    JobState.allCases.compactMap { state in row.others[state.rawValue].map { "\($0) \(state.rawValue)" } }
      .joined(separator: ", ")
  }
}
