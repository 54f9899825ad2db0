import PairPlots

/// Small plots with everything in them that a plot may have.
enum Examples {
  static let line = LinePlot(
    title: "Test accuracy", subtitle: "mean of 3 seeds; \(LinePlot.Band.standardDeviation.description)",
    yLabel: "test accuracy (%)",
    curves: [
      .init(
        name: "BaseNet",
        runs: [
          [52, 61, 68, 73, 76, 78, 79.5, 80.5, 81.2, 81.6], [50, 60, 66, 71, 75, 77.5, 79, 80, 80.4, 81],
          [54, 64, 71, 76, 79, 81, 82, 82.5, 83, 83.5],
        ]),
      .init(
        name: "BaseNetAux",
        runs: [
          [60, 75, 83, 87, 89, 90, 90.8, 91.2, 91.5, 91.6], [62, 77, 84, 88, 90, 91, 91.5, 92, 92.3, 92.5],
          [61, 76, 84, 87.5, 89.5, 91, 91.4, 91.6, 92],
        ]),
    ])

  static let box = BoxPlot(
    title: "Test accuracy by setting", subtitle: "10 seeds each", valueLabel: "test accuracy (%)",
    groups: [
      .init(name: "BaseNet", values: [82.6, 84.1, 81.8, 80.9, 83.3, 82.9, 84.2, 82.1, 83.0, 81.5]),
      .init(name: "BaseNetAux", values: [92.1, 92.7, 93.1, 91.2, 92.5, 93.4, 92.9, 88.0, 92.8, 92.2]),
      .init(name: "one run", values: [90.0]),
      .init(name: "none", values: []),
    ])

  static let heat = Heatmap(
    title: "Test accuracy over the grid", subtitle: "mean ± standard deviation of 3 seeds",
    valueLabel: "test accuracy (%)", columnLabel: "dropout", columns: ["0", "0.2", "0.5"],
    rows: [
      .init(
        name: "BaseNet", cells: [.value(81.2, spread: 1.3), .value(82, spread: 0.9, best: true), .missing("failed")]),
      .init(
        name: "BaseNet + BN", cells: [.value(82.6, spread: 1.4, best: true), .value(80.5), .value(75.25, spread: 2)]),
      .init(
        name: "BaseNetAux",
        cells: [.value(92.7, spread: 0.8, best: true), .value(91.4, spread: 1), .value(88, spread: 1.5)]),
    ])

  static let all: [(name: String, plot: any Plot)] = [("line", line), ("box", box), ("heat", heat)]
}
