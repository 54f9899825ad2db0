import PairAPI
import PairCore
import PairPlots
import Testing

@testable import pairnetctl

@Suite("Best settings, LaTeX, comparisons and plots")
struct ResultCommandTests {
  private func row(
    _ model: String, dropout: Double, n: Int = 2, _ mean: Double?, others: [String: Int] = [:]
  ) -> AggregateRow {
    AggregateRow(
      group: ["model": .text(model), "dropout": .number(dropout)], n: n, mean: mean,
      standardDeviation: mean.map { _ in 0.01 }, intervalLow: mean.map { $0 - 0.02 },
      intervalHigh: mean.map { $0 + 0.02 }, min: mean, max: mean, others: others, jobs: (1...2).map { Int64($0) },
      values: mean.map { [$0 - 0.01, $0 + 0.01] } ?? [])
  }

  private func answer(_ metric: String = "test_accuracy", _ rows: [AggregateRow]) -> AggregateResponse {
    AggregateResponse(metric: metric, by: ["model", "dropout"], rows: rows)
  }

  private var grid: AggregateResponse {
    answer(
      "test_accuracy",
      [
        row("BaseNet", dropout: 0, 0.8), row("BaseNet", dropout: 0.5, 0.7),
        row("BaseNetAux", dropout: 0, 0.9), row("BaseNetAux", dropout: 0.5, n: 0, nil, others: ["failed": 2]),
      ])
  }

  @Test("The best setting of a model has the highest accuracy, or the lowest loss")
  func best() {
    let rows = [row("BaseNet", dropout: 0, 0.8), row("BaseNet", dropout: 0.5, 0.7), row("BaseNetAux", dropout: 0, 0.9)]
    #expect(BestSettings(of: answer("test_accuracy", rows)).groups == [rows[0].group, rows[2].group])
    #expect(BestSettings(of: answer("test_loss", rows)).groups == [rows[1].group, rows[2].group])
  }

  @Test("Ties are told and all shown; a model without results keeps its rows")
  func ties() {
    let rows = [
      row("BaseNet", dropout: 0, 0.8), row("BaseNet", dropout: 0.5, n: 3, 0.8),
      row("BaseNetAux", dropout: 0, n: 0, nil, others: ["failed": 1]),
    ]
    let best = BestSettings(of: answer("test_accuracy", rows))
    #expect(best.groups == Set(rows.map(\.group)))
    #expect(best.remarks.contains("BaseNet: 2 settings tie, and all of them are shown"))
    #expect(best.remarks.contains("BaseNet: the best setting rests on fewer runs than others (2 against 3)"))
    #expect(best.remarks.contains("BaseNetAux has no setting with a result"))
  }

  @Test("A table in LaTeX has booktabs' rules and nothing in it that LaTeX obeys")
  func latex() {
    let report = AggregateReport(grid).report()
    #expect(
      report.table.latex(remarks: ["50 % of {a_b}"]) == #"""
        % needs \usepackage{booktabs}
        % too wide? \resizebox{\linewidth}{!}{...} around the tabular, with \usepackage{graphicx}
        \begin{tabular}{@{}lrrrrrrl@{}}
          \toprule
          model & dropout & n & test accuracy \% & 95 \% interval & min & max & not in the figures \\
          \midrule
          BaseNet & 0 & 2  & 80.0 $\pm$ 1.0 & 78.0 to 82.0 & 80.0 & 80.0 &  \\
          BaseNet & 0.5 & 2  & 70.0 $\pm$ 1.0 & 68.0 to 72.0 & 70.0 & 70.0 &  \\
          BaseNetAux & 0 & 2  & 90.0 $\pm$ 1.0 & 88.0 to 92.0 & 90.0 & 90.0 &  \\
          BaseNetAux & 0.5 & 0{*} & -- & -- & -- & -- & 2 failed \\
          \bottomrule
        \end{tabular}
        \par\smallskip{\footnotesize 50 \% of \{a\_b\}\par}

        """#)
    #expect(LaTeX.escaped(#"\_[~^<>#$&]"#).contains("{[}\\textasciitilde{}"))
  }

  @Test("Rows list their jobs on request, and a hole in the grid is named")
  func jobs() {
    let rows = Array(grid.rows.dropLast())
    let report = AggregateReport(answer("test_accuracy", rows), showsJobs: true).report()
    #expect(report.table.columns.last?.title == "jobs" && report.table.rows[0].last?.text == "1-2")
    #expect(
      report.remarks.contains("no jobs at all for 1 of 4 combinations: model BaseNetAux, dropout 0.5"))
  }

  @Test("A comparison is a table of settings, one of differences, and sentences")
  func comparison() {
    let settings = ["model=BaseNetAux", "model=BaseNet"].map {
      CompareResponse.Setting(
        name: $0, n: 10, mean: $0.hasSuffix("Aux") ? 0.925 : 0.83, standardDeviation: 0.01, intervalLow: 0.82,
        intervalHigh: 0.94, others: $0.hasSuffix("Aux") ? [:] : ["failed": 1], jobs: [])
    }
    let comparison = CompareResponse.Comparison(
      first: 0, second: 1, paired: true, pairs: 10, leftOut: 1, difference: 0.095, intervalLow: 0.09,
      intervalHigh: 0.1,
      tests: [
        .init(name: "t", p: 1e-9, statistic: 30), .init(name: "W", p: 0.002, statistic: 0),
        .init(name: "flips", inapplicable: "no spread"),
      ], holmP: 1e-9, improvement: 1, improvementLow: 0.69, improvementHigh: 1, verdict: "first_is_better",
      conclusion: "It is better.", moreSeeds: "No more.")
    let report = CompareReport(
      CompareResponse(
        metric: "test_accuracy", level: 0.95, settings: settings, comparisons: [comparison], remarks: ["so"]))
    #expect(
      report.settings.table.aligned(styled: false) == """
           setting            n  test_accuracy %  95 % interval  not in the figures
        A  model=BaseNetAux  10       92.5 ± 1.0    82.0 … 94.0
        B  model=BaseNet     10       83.0 ± 1.0    82.0 … 94.0  1 failed

        """)
    #expect(
      report.differences.table.aligned(styled: false) == """
        difference  points  95 % interval  runs                   p of t  p of ranks  p of flips  P(better)  95 % interval
        A - B         +9.5   +9.0 … +10.0  10 pairs, 1 left out  <0.0001       0.002           –       1.00    0.69 … 1.00

        """)
    #expect(report.sentences == ["It is better. No more.", "Note: so."])
  }

  @Test("A grid has the parameter that varies most as columns, and says why a cell is empty")
  func heatmap() {
    let layout = GridLayout(of: grid, rows: nil, column: nil)
    #expect(layout.column == "dropout" && layout.rows == ["model"])
    let plot = ResultPlots(metric: "test_accuracy").grid(grid, layout)
    #expect(plot.columns == ["0", "0.5"] && plot.rows.map(\.name) == ["BaseNet", "BaseNetAux"])
    #expect(plot.rows[0].cells == [.value(80, spread: 1, best: true), .value(70, spread: 1)])
    #expect(plot.rows[1].cells[1] == .missing("2 failed"))
  }

  @Test("Boxes are named by what differs; what is shared stands in the title")
  func boxes() {
    let plot = ResultPlots(metric: "test_accuracy").boxes(answer("test_accuracy", Array(grid.rows.prefix(2))))
    #expect(plot.title == "Test accuracy: BaseNet" && plot.groups.map(\.name) == ["dropout 0", "dropout 0.5"])
    #expect(plot.groups[0].summary?.n == 2)
  }

  @Test("A curve ends where the first of its runs does")
  func curves() {
    func epoch(_ epoch: Int, n: Int) -> CurveRecord.Epoch {
      .init(epoch: epoch, n: n, mean: 0.5, standardDeviation: n > 1 ? 0.1 : nil)
    }
    let plot = ResultPlots(metric: "test_accuracy").curves(
      CurvesResponse(
        metric: "test_accuracy", by: ["model"],
        curves: [
          CurveRecord(
            group: ["model": .text("BaseNet")], runs: 2, others: [:],
            epochs: [epoch(1, n: 2), epoch(2, n: 2), epoch(3, n: 1)]),
          CurveRecord(group: ["model": .text("BaseNetAux")], runs: 0, others: ["queued": 2], epochs: []),
        ]))
    #expect(plot.curves.map(\.name) == ["BaseNet (a run ended at 2)"])
    #expect(plot.curves[0].points == [1, 2].map { .init(x: $0, y: 50, low: 40, high: 60) })
    #expect(plot.subtitle == "mean of 2 seeds; band: ± 1 standard deviation")
  }

  @Test("SQL's answers align numbers and show NULL")
  func sql() {
    let answer = SQLResponse(
      columns: ["model", "n"], rows: [[.text("BaseNet"), .integer(10)], [.null, .integer(2)]], cut: nil)
    #expect(
      SQL.table(answer).aligned(styled: false, whole: true) == """
        model     n
        BaseNet  10
        NULL      2

        """)
    #expect(SQL.csv(answer).rendered() == "model,n\r\nBaseNet,10\r\n,2\r\n")
  }
}
