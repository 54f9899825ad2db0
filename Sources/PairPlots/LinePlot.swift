import PairStatistics

/// Curves over epochs: the mean over the seeds, with a band of their spread.
package struct LinePlot: Plot, Hashable, Sendable {
  package let title: String
  /// What the band is and how many seeds there are; empty for none.
  package let subtitle: String
  package let xLabel: String
  package let yLabel: String
  package let curves: [Curve]

  package init(title: String, subtitle: String = "", xLabel: String = "epoch", yLabel: String, curves: [Curve]) {
    self.title = title
    self.subtitle = subtitle
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.curves = curves
  }

  package struct Curve: Hashable, Sendable {
    package let name: String
    package let points: [Point]

    package init(name: String, points: [Point]) {
      self.name = name
      self.points = points
    }

    /// The curve of several runs' values by epoch, from 1.
    ///
    /// It ends with the shortest run, and its name says so: a mean over those that are left would flatter.
    ///
    /// - Parameter runs: (seed, epoch); finite.
    package init(name: String, runs: [[Double]], band: Band = .standardDeviation) {
      let length = runs.map(\.count).min() ?? 0
      let longest = runs.map(\.count).max() ?? 0
      self.name = length == longest ? name : "\(name) (a run ended at \(length))"
      points = (0..<length).compactMap { epoch in
        guard let summary = Summary(of: runs.map { $0[epoch] }) else { return nil }
        let ends = band.ends(of: summary)
        return Point(x: Double(epoch + 1), y: summary.mean, low: ends?.low, high: ends?.high)
      }
    }
  }

  package struct Point: Hashable, Sendable {
    package let x: Double
    package let y: Double
    /// The band's ends; nil where there is no spread to show.
    package let low: Double?
    package let high: Double?

    package init(x: Double, y: Double, low: Double? = nil, high: Double? = nil) {
      (self.x, self.y, self.low, self.high) = (x, y, low, high)
    }
  }

  /// What a band shows.
  package enum Band: Hashable, Sendable {
    /// How runs differ: mean ± the sample standard deviation.
    case standardDeviation
    /// Where the mean lies: Student's interval of this level.
    case interval(level: Double)
    /// From the least to the greatest value.
    case range

    /// "band: ± 1 standard deviation"
    package var description: String {
      switch self {
      case .standardDeviation: "band: ± 1 standard deviation"
      case .interval(let level): "band: \(decimalText(level * 100, places: 0)) % interval of the mean"
      case .range: "band: least to greatest"
      }
    }

    func ends(of summary: Summary) -> (low: Double, high: Double)? {
      switch self {
      case .standardDeviation: summary.standardDeviation.map { (summary.mean - $0, summary.mean + $0) }
      case .interval(let level): summary.interval(level: level).map { ($0.low, $0.high) }
      case .range: summary.n > 1 ? (summary.min, summary.max) : nil
      }
    }
  }

  func xAxis(intervals: Int) -> Axis {
    let xs = curves.flatMap { $0.points.map(\.x) }
    return Axis(covering: xs, intervals: intervals, whole: xs.allSatisfy { $0 == $0.rounded() }, room: 0.02)
  }

  func yAxis(intervals: Int) -> Axis {
    let ys = curves.flatMap { $0.points.flatMap { [$0.y, $0.low ?? $0.y, $0.high ?? $0.y] } }
    return Axis(covering: ys, intervals: intervals)
  }
}
