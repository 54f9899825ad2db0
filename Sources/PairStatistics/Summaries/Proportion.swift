/// An observed share of n trials, with an interval for the probability behind it.
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

  /// The exact interval: its coverage is at least the level whatever the probability, and n as small as one likes.
  ///
  /// low = the (1 − level)/2 quantile of Beta(k, n − k + 1), high = the 1 − (1 − level)/2 quantile of Beta(k + 1, n − k).
  /// Wilson's interval is shorter and right on average, but for n = 10 it drops to 83 % near 0 and 1, where settings that
  /// nearly always win live. A half in k, from ties, is rounded outwards at either end.
  ///
  /// - Source: Clopper & Pearson 1934, Biometrika 26(4); in beta quantiles, and on Wilson's, Brown, Cai & DasGupta 2001,
  ///   "Interval Estimation for a Binomial Proportion", Statistical Science 16(2)
  package func exactInterval(level: Double) -> Interval {
    let tail = (1 - level) / 2
    let count = Double(n)
    let below = successes.rounded(.down)
    let above = successes.rounded(.up)
    let low = below == 0 ? 0 : BetaDistribution(a: below, b: count - below + 1).quantile(tail)
    let high = above == count ? 1 : BetaDistribution(a: above + 1, b: count - above).quantile(1 - tail)
    return Interval(low: low, high: high, level: level)
  }
}
