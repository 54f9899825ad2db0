/// An observed share of n trials, with intervals for the probability behind it.
package struct Proportion: Hashable, Sendable {
  /// How many trials succeeded; a half for each tie, where trials can tie.
  package let successes: Double
  package let n: Int

  /// - Parameters:
  ///   - successes: in 0...n
  ///   - n: ≥ 1
  package init(successes: Double, of n: Int) {
    precondition(n >= 1 && successes >= 0 && successes <= Double(n), "successes lie in 0...n, n at least 1")
    self.successes = successes
    self.n = n
  }

  package var share: Double { successes / Double(n) }

  /// Wilson's score interval: the p for which |p̂ − p| ≤ z √(p (1 − p) / n).
  ///
  /// Its coverage is near the level on average over p, where the exact interval's is above; it is defined at 0 and n.
  /// A tie counted as half a success has less variance than p (1 − p), so that ties make the interval too wide, never
  /// too narrow.
  ///
  /// - Source: Wilson 1927, JASA 22, 209-212; recommended for small n by Brown, Cai & DasGupta 2001, "Interval
  ///   Estimation for a Binomial Proportion", Statistical Science 16(2)
  package func wilsonInterval(level: Double) -> Interval {
    let z = NormalDistribution.quantile(0.5 + level / 2)
    let count = Double(n)
    let centre = (successes + z * z / 2) / (count + z * z)
    let reach = z / (count + z * z) * (successes * (count - successes) / count + z * z / 4).squareRoot()
    // At the ends the difference is 0 or 1 but for rounding.
    return Interval(
      low: successes == 0 ? 0 : max(0, centre - reach),
      high: successes == count ? 1 : min(1, centre + reach), level: level)
  }

  /// The exact interval: coverage at least the level for every p. Whole numbers of successes only.
  ///
  /// low = the (1 − level)/2 quantile of Beta(k, n − k + 1), high = the 1 − (1 − level)/2 quantile of Beta(k + 1, n − k).
  ///
  /// - Source: Clopper & Pearson 1934, Biometrika 26(4); in beta quantiles Brown, Cai & DasGupta 2001
  package func exactInterval(level: Double) -> Interval {
    precondition(successes == successes.rounded(), "the exact interval counts whole successes")
    let tail = (1 - level) / 2
    let failures = Double(n) - successes
    let low = successes == 0 ? 0 : BetaDistribution(a: successes, b: failures + 1).quantile(tail)
    let high = failures == 0 ? 1 : BetaDistribution(a: successes + 1, b: failures).quantile(1 - tail)
    return Interval(low: low, high: high, level: level)
  }
}
