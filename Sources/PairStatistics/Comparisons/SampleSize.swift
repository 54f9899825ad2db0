/// How many runs make an interval as narrow as wanted: the answer to "how many more seeds?".
package struct SampleSize: Hashable, Sendable {
  /// The half-width that is wanted of the interval.
  package let halfWidth: Double
  /// The runs (or pairs of runs) that make it so if the spread is as estimated: reached about half the time.
  package let runs: Int
  /// The runs that suffice with a chance of `assurance`, given how little few values tell of the spread.
  package let assuredRuns: Int
  package let assurance: Double
  /// The runs that there are.
  package let present: Int

  /// The runs still to be made: `runs` less those there are, at least 0.
  package var additional: Int { max(0, runs - present) }

  /// For the mean of one setting, from its values, or for the mean difference of pairs, from their differences.
  ///
  /// The least n with t(n − 1) s / √n ≤ w. For the assured number s is replaced by the upper limit of the spread,
  /// s √((n₀ − 1) / χ²) with χ² the (1 − assurance) quantile for n₀ − 1 degrees of freedom.
  ///
  /// - Parameters:
  ///   - halfWidth: > 0, in the unit of the values.
  ///   - pilot: the values so far; their spread is what is planned with.
  /// - Returns: nil for a single value, which tells no spread, and where over a thousand million runs would be needed.
  /// - Source: NIST/SEMATECH e-Handbook of Statistical Methods, section 7.2.2.2 (iterating on t); Kupper & Hafner 1989,
  ///   "How Appropriate Are Popular Sample Size Formulas?", The American Statistician 43(2), for why to assure
  package init?(halfWidth: Double, pilot: Summary, level: Double = 0.95, assurance: Double = 0.8) {
    guard let spread = pilot.standardDeviation else { return nil }
    let degrees = Double(pilot.n - 1)
    let upper = spread * (degrees / ChiSquared(degreesOfFreedom: degrees).quantile(1 - assurance)).squareRoot()
    guard let runs = Self.runs(halfWidth: halfWidth, standardDeviation: spread, level: level),
      let assured = Self.runs(halfWidth: halfWidth, standardDeviation: upper, level: level)
    else { return nil }
    self.halfWidth = halfWidth
    self.runs = runs
    assuredRuns = assured
    self.assurance = assurance
    present = pilot.n
  }

  /// The least n with t(n − 1) s / √n ≤ w; nil where it is over a thousand million.
  package static func runs(halfWidth: Double, standardDeviation: Double, level: Double = 0.95) -> Int? {
    leastRuns(halfWidth: halfWidth, level: level) { n in
      (standardError: standardDeviation / Double(n).squareRoot(), degreesOfFreedom: Double(n - 1))
    }
  }

  /// The least n of either setting for the difference of two independent means, by Welch's interval.
  package static func runsOfEach(
    halfWidth: Double, standardDeviations s1: Double, _ s2: Double, level: Double = 0.95
  ) -> Int? {
    leastRuns(halfWidth: halfWidth, level: level) { n in
      let difference = WelchDifference(
        Moments(n: n, mean: 0, standardDeviation: s1), Moments(n: n, mean: 0, standardDeviation: s2))
      return (difference.standardError, difference.degreesOfFreedom ?? 1)
    }
  }

  /// From the number that the normal distribution would ask for, which is too low by a few, upwards.
  private static func leastRuns(
    halfWidth: Double, level: Double, of interval: (Int) -> (standardError: Double, degreesOfFreedom: Double)
  ) -> Int? {
    precondition(halfWidth > 0, "a wanted half-width is above 0")
    let z = NormalDistribution.quantile(0.5 + level / 2)
    let errorOfOne = interval(2).standardError * 2.0.squareRoot()
    let least = z * errorOfOne / halfWidth
    guard least * least < 1e9 else { return nil }
    var n = max(2, Int((least * least).rounded(.up)))
    while true {
      let (standardError, degrees) = interval(n)
      let critical = StudentT(degreesOfFreedom: degrees).criticalValue(twoSidedTail: 1 - level)
      if critical * standardError <= halfWidth { return n }
      n += 1
    }
  }
}
