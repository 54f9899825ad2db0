import PairStatistics

/// The distribution of each setting's runs: a box of the quartiles, whiskers, and every run as a point.
///
/// Boxes lie on their sides, since the names of settings are long.
package struct BoxPlot: Plot, Hashable, Sendable {
  package let title: String
  package let subtitle: String
  package let valueLabel: String
  package let groups: [Group]

  package init(title: String, subtitle: String = "", valueLabel: String, groups: [Group]) {
    self.title = title
    self.subtitle = subtitle
    self.valueLabel = valueLabel
    self.groups = groups
  }

  package struct Group: Hashable, Sendable {
    package let name: String
    /// nil for a group of which no run succeeded; it keeps its place and says so.
    package let summary: Summary?

    /// - Parameter values: finite
    package init(name: String, values: [Double]) {
      self.name = name
      summary = Summary(of: values)
    }
  }

  /// What is drawn of one group, in values.
  struct Box: Hashable {
    let q1, median, q3: Double
    /// The most extreme values within 1.5 times the box's length of the box.
    ///
    /// - Source: Tukey 1977, "Exploratory Data Analysis", chapter 2
    let whiskerLow, whiskerHigh: Double
    let values: [Double]

    init(_ summary: Summary) {
      let q1 = summary.quantile(0.25)
      let q3 = summary.quantile(0.75)
      let reach = 1.5 * (q3 - q1)
      // Interpolated quartiles may lie beyond every value within reach; the whisker then has no length.
      whiskerLow = min(q1, summary.sorted.first { $0 >= q1 - reach } ?? q1)
      whiskerHigh = max(q3, summary.sorted.last { $0 <= q3 + reach } ?? q3)
      (self.q1, median, self.q3) = (q1, summary.median, q3)
      values = summary.sorted
    }
  }

  func valueAxis(intervals: Int) -> Axis {
    Axis(covering: groups.flatMap { $0.summary?.sorted ?? [] }, intervals: intervals)
  }
}
