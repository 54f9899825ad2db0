import PairPlots
import Testing

@Suite("Axes, curves and degenerate plots")
struct AxisTests {
  struct TickCase: Sendable {
    let values: [Double]
    let ticks: [Double]
    let labels: [String]
  }

  static let tickCases: [TickCase] = [
    TickCase(values: [0, 1], ticks: [0, 0.2, 0.4, 0.6, 0.8, 1], labels: ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    TickCase(values: [81.3, 92.7], ticks: [85, 90], labels: ["85", "90"]),
    TickCase(
      values: [-0.02, 0.03], ticks: [-0.02, -0.01, 0, 0.01, 0.02, 0.03],
      labels: ["-0.02", "-0.01", "0.00", "0.01", "0.02", "0.03"]),
    TickCase(values: [2, 30], ticks: [10, 20, 30], labels: ["10", "20", "30"]),
    TickCase(
      values: [1e6, 3e6], ticks: [1e6, 1.5e6, 2e6, 2.5e6, 3e6],
      labels: ["1000000", "1500000", "2000000", "2500000", "3000000"]),
  ]

  @Test("Ticks are round numbers within the axis", arguments: tickCases)
  func ticks(example: TickCase) {
    let (values, ticks, labels) = (example.values, example.ticks, example.labels)
    let axis = Axis(covering: values)
    #expect(axis.ticks == ticks)
    #expect(axis.ticks.map(axis.label) == labels)
    #expect(axis.low < values[0] && axis.high > values[1])
    #expect(axis.position(axis.low) == 0 && axis.position(axis.high) == 1)
  }

  @Test("There are always two ticks at least, and no two labels are the same")
  func enough() {
    for exponent in -8...8 {
      for mantissa in [1.0, 1.7, 2.3, 3.1, 4.9, 5.3, 7.7, 9.9] {
        var span = mantissa
        for _ in 0..<abs(exponent) { span = exponent < 0 ? span / 10 : span * 10 }
        for low in [0, 0.37, -123.4] {
          let axis = Axis(covering: [low, low + span])
          #expect(axis.ticks.count >= 2)
          #expect(Set(axis.ticks.map(axis.label)).count == axis.ticks.count)
          #expect(axis.ticks.allSatisfy { axis.low <= $0 && $0 <= axis.high })
        }
      }
    }
  }

  @Test("A single value, or none, still has an axis", arguments: [[], [0.0], [0.9, 0.9], [-5.0]])
  func single(values: [Double]) {
    let axis = Axis(covering: values)
    #expect(axis.low < axis.high)
    #expect(axis.ticks.count >= 2)
  }

  @Test("Epochs are counted in whole steps")
  func whole() {
    #expect(Axis(covering: [1, 3], intervals: 8, whole: true).ticks == [1, 2, 3])
  }

  @Test("A curve ends with its shortest run and says so")
  func shortRun() {
    let curve = LinePlot.Curve(name: "c", runs: [[1, 2, 3], [3, 4]])
    #expect(curve.name == "c (a run ended at 2)")
    #expect(curve.points.map(\.y) == [2, 3])
    #expect(LinePlot.Curve(name: "one", runs: [[1, 2]]).points.allSatisfy { $0.low == nil })
    #expect(LinePlot.Curve(name: "none", runs: []).points.isEmpty)
  }

  @Test(
    "A band is the spread that was asked for",
    arguments: [
      (LinePlot.Band.standardDeviation, 1.0, 3.0), (.range, 1.0, 3.0), (.interval(level: 0.5), 1.529, 2.471),
    ])
  func bands(band: LinePlot.Band, low: Double, high: Double) throws {
    let point = try #require(LinePlot.Curve(name: "c", runs: [[1], [2], [3]], band: band).points.first)
    #expect(abs(try #require(point.low) - low) < 1e-3)
    #expect(abs(try #require(point.high) - high) < 1e-3)
  }

  @Test("Plots of nothing are drawn without a stumble")
  func nothing() {
    let plots: [any Plot] = [
      LinePlot(title: "t", yLabel: "y", curves: []),
      LinePlot(title: "t", yLabel: "y", curves: [.init(name: "none", points: [])]),
      LinePlot(title: "t", yLabel: "y", curves: [.init(name: "one", points: [.init(x: 1, y: 5)])]),
      BoxPlot(title: "t", valueLabel: "v", groups: []),
      Heatmap(title: "t", valueLabel: "v", columnLabel: "c", columns: [], rows: []),
      Heatmap(
        title: "t", valueLabel: "v", columnLabel: "c", columns: ["x"],
        rows: [.init(name: "r", cells: [.missing("queued")])]),
    ]
    for plot in plots {
      #expect(plot.svg().hasSuffix("</svg>\n"))
      #expect(plot.terminal(TerminalStyle()).hasPrefix("t\n"))
    }
  }
}
