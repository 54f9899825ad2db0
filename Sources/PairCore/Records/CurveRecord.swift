/// How the jobs of a setting that succeeded went, epoch by epoch.
package struct CurveRecord: Codable, Hashable, Sendable {
  /// The parameters grouped by, and this setting's value of each.
  package var group: [String: ParameterValue]
  /// How many jobs of the setting succeeded and have the metric.
  package var runs: Int
  /// Jobs of the setting that are not in the curve, as in `AggregateRow.others`.
  package var others: [String: Int]
  /// In order, from the first.
  package var epochs: [Epoch]

  package struct Epoch: Codable, Hashable, Sendable {
    package var epoch: Int
    /// How many jobs reached the epoch.
    package var n: Int
    package var mean: Double
    /// Sample standard deviation (n - 1); nil for n < 2.
    package var standardDeviation: Double?

    package init(epoch: Int, n: Int, mean: Double, standardDeviation: Double?) {
      self.epoch = epoch
      self.n = n
      self.mean = mean
      self.standardDeviation = standardDeviation
    }

    enum CodingKeys: String, CodingKey {
      case epoch, n, mean
      case standardDeviation = "standard_deviation"
    }
  }

  package init(group: [String: ParameterValue], runs: Int, others: [String: Int], epochs: [Epoch]) {
    self.group = group
    self.runs = runs
    self.others = others
    self.epochs = epochs
  }
}
