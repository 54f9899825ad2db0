/// What a test of "no difference" found.
package struct TestOutcome: Hashable, Sendable {
  package let method: Method
  /// t, W, U or the mean, as the method has it.
  package let statistic: Double
  /// ν of the t distribution used; nil for tests that use none.
  package let degreesOfFreedom: Double?
  /// The two-sided p value, in (0, 1] but for underflow.
  package let p: Double

  package enum Method: Hashable, Sendable {
    case pairedT
    case welchT
    case signedRankExact
    case signedRankNormal
    case mannWhitneyExact
    case mannWhitneyNormal
    case signFlipExact
    /// With so many random flips drawn.
    case signFlipSampled(flips: Int)

    package var name: String {
      switch self {
      case .pairedT: "paired t test"
      case .welchT: "Welch's t test"
      case .signedRankExact: "Wilcoxon's signed-rank test (exact)"
      case .signedRankNormal: "Wilcoxon's signed-rank test (normal approximation)"
      case .mannWhitneyExact: "Mann-Whitney U test (exact)"
      case .mannWhitneyNormal: "Mann-Whitney U test (normal approximation)"
      case .signFlipExact: "sign-flip permutation test (exact)"
      case .signFlipSampled(let flips): "sign-flip permutation test (\(flips) random flips)"
      }
    }
  }
}

/// Why a test has nothing to say of some data.
package enum Inapplicable: Error, Hashable, Sendable, CustomStringConvertible {
  case tooFewValues(n: Int, needed: Int)
  /// All values, or all differences, are equal: what divides by the spread is undefined.
  case noSpread
  /// Every difference is zero, and the test drops zeros.
  case allZero

  package var description: String {
    switch self {
    case .tooFewValues(let n, let needed): "needs at least \(needed) values, has \(n)"
    case .noSpread: "all values are equal, so there is no spread to measure by"
    case .allZero: "all differences are zero"
    }
  }
}
