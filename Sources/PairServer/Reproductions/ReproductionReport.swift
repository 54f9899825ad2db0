import PairAPI
import PairCore
import PairStatistics
import PairStore

/// What a reproduction has found: pure, from the jobs of its studies.
struct ReproductionReport {
  let progress: ReproductionProgress
  /// A finished reproduction of the same plan under the other protocol.
  let counterpart: ReproductionProgress?

  var response: ReproductionResponse {
    let rows = rows(of: progress)
    let (state, reason): (ReproductionResponse.State, String?) =
      switch progress.step {
      case .awaitGrid, .submitRuns: (.grid, nil)
      case .awaitRuns: (.runs, nil)
      case .done: (.done, nil)
      case .stuck(let reason): (.stuck, reason)
      }
    // What was trained before costs nothing here.
    let trained = jobs.filter { $0.reusedFrom == nil }
    let seconds = trained.reduce(0) { $0 + ($1.durationSeconds ?? 0) }
    return ReproductionResponse(
      reproduction: ReproductionResponse.Summary(progress.record), state: state, reason: reason, rows: rows,
      remarks: state == .done ? remarks(rows) : [], trainingSeconds: seconds,
      wallSeconds: state == .done ? progress.wallSeconds : nil)
  }

  private var jobs: [JobRecord] { progress.grid + (progress.runs ?? []) }

  /// A row a model, once the runs are submitted.
  private func rows(of progress: ReproductionProgress) -> [ReproductionRow] {
    guard let runs = progress.runs else { return [] }
    return Choice.best(of: progress.grid).map { choice in
      let published = TableOne.row(of: choice.setting.model)
      var row = ReproductionRow(
        choice: choice, reportSetting: published.setting, reportMean: published.mean,
        reportStandardDeviation: published.standardDeviation)
      var values: [Double] = []
      for job in runs where Setting(of: job.spec) == choice.setting {
        if job.state == .succeeded, let accuracy = job.result?.testAccuracy {
          values.append(accuracy)
          row.jobs.append(job.id)
        } else {
          row.others[job.state.rawValue, default: 0] += 1
        }
      }
      row.n = values.count
      guard let summary = Summary(of: values) else { return row }
      (row.mean, row.standardDeviation, row.min, row.max) = (
        summary.mean, summary.standardDeviation, summary.min, summary.max
      )
      guard let ours = Moments(summary) else { return row }
      let conclusion = PublishedConclusion(
        ours: ours,
        theirs: Moments(n: TableOne.runs, mean: published.mean, standardDeviation: published.standardDeviation),
        published: "the report", measure: .accuracy)
      row.difference = conclusion.welch.difference
      (row.intervalLow, row.intervalHigh) = (conclusion.interval.low, conclusion.interval.high)
      row.p = conclusion.p
      row.conclusion = conclusion.description
      return row
    }
  }

  private func remarks(_ rows: [ReproductionRow]) -> [String] {
    var remarks = [protocolRemark]
    if !progress.record.plan.isReports {
      remarks.append(
        "The report trained on 1,000 pairs of mnist for 30 epochs and tested on 1,000. This plan differs, so that the "
          + "differences are between two experiments and say nothing of the report.")
    }
    let reused = jobs.count { $0.reusedFrom != nil }
    if reused > 0 {
      remarks.append(
        "\(reused) of the \(jobs.count) jobs had been trained before and were not trained again; the times are those of "
          + "the rest.")
    }
    let diverged = progress.grid.filter { $0.state == .diverged }
    if !diverged.isEmpty {
      let cells = diverged.map { "\($0.spec.model.rawValue) \(name(Setting(of: $0.spec)))" }
      remarks.append("Cells of the grid that diverged and could not be chosen: \(cells.joined(separator: "; ")).")
    }
    for row in rows where row.ties > 0 {
      let others = row.ties == 1 ? "One other setting" : "\(row.ties) other settings"
      remarks.append(
        "\(others) of \(row.setting.model.rawValue) had the same accuracy in the grid; the first in the grid was taken."
      )
    }
    let flatteries = rows.compactMap(\.flattery)
    if flatteries.count == rows.count, let mean = Summary(of: flatteries)?.mean {
      let split = progress.record.plan.protocol == .report ? "test" : "validation"
      remarks.append(
        "The chosen cell's \(split) accuracy in the grid, less the mean of the fresh runs: "
          + rows.map { "\($0.setting.model.rawValue) \(points($0.flattery ?? 0))" }.joined(separator: ", ")
          + "; on average \(points(mean)) points. Choosing by a score flatters it; the luck of a single draw of pairs is in it too."
      )
    }
    if let remark = protocolsRemark(rows) { remarks.append(remark) }
    return remarks
  }

  private var protocolRemark: String {
    switch progress.record.plan.protocol {
    case .report:
      "Settings were chosen by test accuracy on one draw of pairs, as in the report: the choice has seen test images."
    case .clean:
      "Settings were chosen by accuracy on validation pairs of train images that no train pair uses; no test image was "
        + "used before the fresh runs were tested."
    }
  }

  /// How the means of the protocols differ, where both are there.
  private func protocolsRemark(_ rows: [ReproductionRow]) -> String? {
    guard let counterpart else { return nil }
    let others = self.rows(of: counterpart)
    let (report, clean) = progress.record.plan.protocol == .report ? (rows, others) : (others, rows)
    let differences = zip(report, clean).compactMap { report, clean -> (String, Double)? in
      guard let a = report.mean, let b = clean.mean else { return nil }
      let model = report.setting.model.rawValue
      let choice =
        report.setting == clean.setting
        ? "same setting" : "\(name(report.setting)) against \(name(clean.setting))"
      return ("\(model) \(points(a - b)) (\(choice))", a - b)
    }
    guard differences.count == rows.count, let mean = Summary(of: differences.map(\.1))?.mean else { return nil }
    return "Fresh runs chosen by the report's protocol less those by the clean one (reproductions "
      + "\([progress, counterpart].map { String($0.record.id) }.joined(separator: " and "))): "
      + differences.map(\.0).joined(separator: ", ") + "; on average \(points(mean)) points."
  }

  private func name(_ setting: Setting) -> String {
    "\(setting.batchNorm ? "with" : "without") batch norm, dropout \(setting.dropout == 0 ? "0" : String(setting.dropout))"
  }

  private func points(_ value: Double) -> String { (value > 0 ? "+" : "") + decimalText(value * 100, places: 2) }
}
