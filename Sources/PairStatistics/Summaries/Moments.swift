/// What a publication tells of a sample: its size, mean and standard deviation.
package struct Moments: Hashable, Sendable {
  package let n: Int
  package let mean: Double
  /// Sample standard deviation, divisor n − 1. (NumPy's default divides by n; a publication seldom says which it used.)
  package let standardDeviation: Double

  /// - Parameters:
  ///   - n: at least 2: a single value has no standard deviation.
  ///   - standardDeviation: ≥ 0
  package init(n: Int, mean: Double, standardDeviation: Double) {
    precondition(n >= 2, "moments need at least 2 values")
    precondition(mean.isFinite && standardDeviation.isFinite && standardDeviation >= 0, "moments are finite")
    self.n = n
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// nil for a summary of a single value.
  package init?(_ summary: Summary) {
    guard let standardDeviation = summary.standardDeviation else { return nil }
    self.init(n: summary.n, mean: summary.mean, standardDeviation: standardDeviation)
  }

  /// s² / n, the variance of the mean.
  var meanVariance: Double { standardDeviation * standardDeviation / Double(n) }
}
