/// The two-sided t test that differences of pairs have mean zero: t = d̄ / (s / √n), ν = n − 1.
///
/// Assumes independent, roughly normal differences; what the pairs have in common cancels.
///
/// - Source: Student 1908, Biometrika 6(1), whose own first example is of pairs
package func pairedTTest(_ differences: Summary) throws(Inapplicable) -> TestOutcome {
  guard let standardError = differences.standardError else {
    throw Inapplicable.tooFewValues(n: differences.n, needed: 2)
  }
  guard standardError > 0 else { throw .noSpread }
  let t = differences.mean / standardError
  let degrees = Double(differences.n - 1)
  return TestOutcome(
    method: .pairedT, statistic: t, degreesOfFreedom: degrees, p: StudentT(degreesOfFreedom: degrees).twoSidedTail(t))
}

/// The difference of two independent means whose variances may differ.
///
/// t = (x̄₁ − x̄₂) / √(v₁ + v₂) with vᵢ = sᵢ² / nᵢ, and ν = (v₁ + v₂)² / (v₁² / (n₁ − 1) + v₂² / (n₂ − 1)).
///
/// Needs no more than what a publication prints, so that a mean of ours can be held against one of theirs.
///
/// - Source: Welch 1947, Biometrika 34; ν after Satterthwaite 1946, Biometrics Bulletin 2(6)
package struct WelchDifference: Hashable, Sendable {
  /// x̄₁ − x̄₂
  package let difference: Double
  package let standardError: Double
  /// nil where neither sample has any spread.
  package let degreesOfFreedom: Double?

  package init(_ first: Moments, _ second: Moments) {
    difference = first.mean - second.mean
    let v1 = first.meanVariance
    let v2 = second.meanVariance
    standardError = (v1 + v2).squareRoot()
    // Shares of the variance instead of squares of squares, which would underflow for tiny spreads.
    let share = v1 + v2 > 0 ? v1 / (v1 + v2) : nil
    degreesOfFreedom = share.map { 1 / ($0 * $0 / Double(first.n - 1) + (1 - $0) * (1 - $0) / Double(second.n - 1)) }
  }

  /// The interval of μ₁ − μ₂; a point where there is no spread.
  package func interval(level: Double) -> Interval {
    let critical =
      degreesOfFreedom.map { StudentT(degreesOfFreedom: $0).criticalValue(twoSidedTail: 1 - level) } ?? 0
    let reach = critical * standardError
    return Interval(low: difference - reach, high: difference + reach, level: level)
  }

  /// The two-sided test of μ₁ = μ₂.
  package func test() throws(Inapplicable) -> TestOutcome {
    guard let degreesOfFreedom else { throw .noSpread }
    let t = difference / standardError
    return TestOutcome(
      method: .welchT, statistic: t, degreesOfFreedom: degreesOfFreedom,
      p: StudentT(degreesOfFreedom: degreesOfFreedom).twoSidedTail(t))
  }
}
