import PairAPI
import PairCore
import Testing

@testable import pairnetctl

@Suite("Table I as a report")
struct TableOneReportTests {
  /// A job of the grid.
  private func cell(accuracy: Double) throws -> JobRecord {
    let spec = try JobSpec(validating: ["model": .text("BaseNetAux"), "dropout": .number(0.1)])
    return JobRecord(
      id: 7, study: 8, spec: spec, specDigest: "", state: .succeeded, attempts: 1, epochsDone: 30, worker: nil,
      submittedAt: "t", startedAt: nil, finishedAt: nil, durationSeconds: nil, reason: nil,
      result: JobResult(
        trainAccuracy: 1, testAccuracy: accuracy, trainLoss: 0, testLoss: 0, trainErrors: 0, testErrors: 42,
        weightsSHA256: ""))
  }

  private func answer(_ state: ReproductionResponse.State, runs: Bool) throws -> ReproductionResponse {
    let plan = try ReproductionPlan(protocol: .report, dataset: "mnist", runs: 10, seed: 1)
    let record = ReproductionRecord(id: 4, plan: plan, gridStudy: 8, runsStudy: runs ? 9 : nil, submittedAt: "t")
    let choice = try #require(Choice.best(of: [try cell(accuracy: 0.958)]).first)
    var row = ReproductionRow(
      choice: choice,
      reportSetting: Setting(model: .baseNetAux, batchNorm: true, dropout: 0), reportMean: 0.923,
      reportStandardDeviation: 0.008)
    if runs {
      (row.n, row.mean, row.standardDeviation) = (9, 0.947, 0.008)
      (row.difference, row.intervalLow, row.intervalHigh, row.p) = (0.024, 0.016, 0.032, 0.00001)
      row.others = ["failed": 1]
      row.conclusion = "Ours is higher."
    }
    return ReproductionResponse(
      reproduction: .init(record), state: state, reason: nil, rows: [row], remarks: ["A remark."],
      trainingSeconds: 65, wallSeconds: state == .done ? 33 : nil)
  }

  @Test("Our figures stand beside the report's, with the difference and what is not in the figures")
  func done() throws {
    let report = TableOneReport(try answer(.done, runs: true)).report
    #expect(
      report.table.aligned(styled: false) == """
        model       batch_norm  dropout  grid test %  n  test_accuracy %  report's  report's %  difference  95 % interval         p  not in the figures
        BaseNetAux  no              0.1         95.8  9       94.7 ± 0.8  bn, 0     92.3 ± 0.8        +2.4    +1.6 … +3.2  < 0.0001  1 failed

        """)
    #expect(
      report.remarks == [
        "reproduction 4, protocol report, mnist: 1,000 train and 1,000 test pairs, 30 epochs; grid of seed 1 in study 8, "
          + "runs of seeds 2-11 in study 9; 0:33 wall time, 1:05 of training", "BaseNetAux: Ours is higher.",
        "A remark.",
      ])
  }

  @Test("Before the runs have ended there are no figures and no conclusions, and the report says so")
  func early() throws {
    let report = TableOneReport(try answer(.runs, runs: false)).report
    #expect(report.table.rows[0].map(\.text)[4...] == ["0", "–", "bn, 0", "92.3 ± 0.8", "–", "–", "–", ""])
    #expect(report.remarks.count == 2 && report.remarks[0].hasSuffix("in study 8; not done yet"))
  }

  @Test("For a paper it is a tabular")
  func latex() throws {
    let report = TableOneReport(try answer(.done, runs: true)).report
    let text = report.table.latex(remarks: report.remarks)
    #expect(
      text.contains(
        "BaseNetAux & no & 0.1 & 95.8 & 9 & 94.7 $\\pm$ 0.8 & bn, 0 & 92.3 $\\pm$ 0.8 & +2.4 & +1.6 to +3.2"))
    #expect(text.contains("{\\footnotesize A remark.\\par}"))
  }
}
