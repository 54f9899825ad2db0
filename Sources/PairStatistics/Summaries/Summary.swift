/// What a table says of one cell: the runs of one setting that differ in nothing but the seed.
package struct Summary: Hashable, Sendable {
  /// How many values there are, at least 1.
  package let n: Int
  /// x̄ = Σxᵢ / n
  package let mean: Double
  /// The sample standard deviation s = √(Σ(xᵢ − x̄)² / (n − 1)); nil for a single value, which shows no spread.
  package let standardDeviation: Double?
  /// All values in ascending order.
  package let sorted: [Double]

  /// - Parameter values: finite numbers; whoever reports a diverged run reports it beside the summary, not inside.
  /// - Returns: nil when there are no values.
  package init?(of values: [Double]) {
    guard !values.isEmpty else { return nil }
    precondition(values.allSatisfy(\.isFinite), "a summary is of finite values")
    n = values.count
    sorted = values.sorted()
    // Equal values have no spread, where the mean's rounding would leave one of 1e-17.
    if sorted[0] == sorted[n - 1] {
      mean = sorted[0]
      standardDeviation = n > 1 ? 0 : nil
      return
    }
    var sum = CompensatedSum()
    for value in values { sum.add(value) }
    let mean = sum.value / Double(n)
    var squares = CompensatedSum()
    for value in values { squares.add((value - mean) * (value - mean)) }
    self.mean = mean
    standardDeviation = (squares.value / Double(n - 1)).squareRoot()
  }

  package var min: Double { sorted[0] }
  package var max: Double { sorted[n - 1] }
  package var median: Double { quantile(0.5) }

  /// s / √n; nil for a single value.
  package var standardError: Double? { standardDeviation.map { $0 / Double(n).squareRoot() } }

  /// The 95 % interval of the mean by Student's t; nil for a single value.
  package var interval: Interval? { interval(level: 0.95) }

  /// x̄ ± t(n − 1) s / √n; nil for a single value.
  ///
  /// Right for any n if the values are independent and normal; for n of 10 and the mild skew of accuracies it is close.
  ///
  /// - Source: Student 1908, Biometrika 6(1); NIST/SEMATECH e-Handbook of Statistical Methods, section 1.3.5.2
  package func interval(level: Double) -> Interval? {
    guard let standardError else { return nil }
    let critical = StudentT(degreesOfFreedom: Double(n - 1)).criticalValue(twoSidedTail: 1 - level)
    return Interval(low: mean - critical * standardError, high: mean + critical * standardError, level: level)
  }

  /// The quantile that interpolates linearly between the order statistics (n − 1)p apart, as R, NumPy and pandas do.
  ///
  /// - Parameter p: in 0...1
  /// - Source: Hyndman & Fan 1996, "Sample Quantiles in Statistical Packages", definition 7
  package func quantile(_ p: Double) -> Double {
    precondition((0...1).contains(p), "a quantile's share lies in 0...1")
    let position = p * Double(n - 1)
    let index = Swift.min(Int(position), n - 1)
    let below = sorted[index]
    let above = sorted[Swift.min(index + 1, n - 1)]
    return below + (position - Double(index)) * (above - below)
  }
}
