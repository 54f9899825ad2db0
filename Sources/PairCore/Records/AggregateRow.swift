/// One row of an aggregated table: the jobs that agree in all the keys grouped by.
package struct AggregateRow: Codable, Hashable, Sendable {
  /// The parameters grouped by, and this group's value of each.
  package var group: [String: ParameterValue]
  /// How many jobs of the group succeeded, and so count in the figures.
  package var n: Int
  package var mean: Double?
  /// Sample standard deviation (n - 1); nil for n < 2.
  package var standardDeviation: Double?
  /// The 95 % interval of the mean by Student's t; nil for n < 2.
  package var intervalLow: Double?
  package var intervalHigh: Double?
  package var min: Double?
  package var max: Double?
  /// Jobs of the group that are not in the figures, by state.
  package var others: [String: Int]
  /// The jobs behind the figures.
  package var jobs: [Int64]
  /// The values behind the figures, in the order of `jobs`; only where they were asked for.
  package var values: [Double]?

  package init(
    group: [String: ParameterValue], n: Int, mean: Double?, standardDeviation: Double?, intervalLow: Double?,
    intervalHigh: Double?, min: Double?, max: Double?, others: [String: Int], jobs: [Int64],
    values: [Double]? = nil
  ) {
    self.group = group
    self.n = n
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.intervalLow = intervalLow
    self.intervalHigh = intervalHigh
    self.min = min
    self.max = max
    self.others = others
    self.jobs = jobs
    self.values = values
  }

  enum CodingKeys: String, CodingKey {
    case group, n, mean, min, max, others, jobs, values
    case standardDeviation = "standard_deviation"
    case intervalLow = "interval_low"
    case intervalHigh = "interval_high"
  }
}
