/// P(A > B) + ½ P(A = B): how often a run of A beats a run of B.
///
/// What the difference of means does not say: by how much of the seeds' luck the two are told apart. ½ is a draw.
package struct ProbabilityOfImprovement: Hashable, Sendable {
  package let estimate: Double
  package let interval: Interval

  /// Of the same seed's runs: the share of pairs that A wins, with the exact binomial interval.
  ///
  /// - Parameter differences: A − B by pair, at least one.
  /// - Source: Agarwal et al. 2021, "Deep Reinforcement Learning at the Edge of the Statistical Precipice", NeurIPS,
  ///   for the measure; the interval is `Proportion.exactInterval`
  package init(pairedDifferences differences: [Double], level: Double = 0.95) {
    var wins = 0.0
    for difference in differences { wins += difference > 0 ? 1 : difference == 0 ? 0.5 : 0 }
    let proportion = Proportion(successes: wins, of: differences.count)
    estimate = proportion.share
    interval = proportion.exactInterval(level: level)
  }

  /// Of independent runs: θ̂ = U / (m n) over all m · n couples, with Newcombe's score-like interval.
  ///
  /// The interval holds the θ with (θ̂ − θ)² ≤ z² V(θ), where
  /// V(θ) = θ (1 − θ) [1 + N (1 − θ) / (2 − θ) + N θ / (1 + θ)] / (m n) and N = (m + n) / 2 − 1.
  /// V is the variance of U under exponential distributions, which comes close for others; solving for θ instead of
  /// inserting θ̂ keeps the interval honest where one sample beats the other throughout (θ̂ = 1), where a bootstrap's or
  /// Brunner and Munzel's interval collapses to a point.
  ///
  /// - Parameters first, second: at least one value each.
  /// - Source: the measure as above; the interval Newcombe 2006, "Confidence intervals for an effect size measure based
  ///   on the Mann-Whitney statistic. Part 2", Statistics in Medicine 25, 559-573, method 5; V after Hanley & McNeil
  ///   1982, Radiology 143
  package init(_ first: [Double], _ second: [Double], level: Double = 0.95) {
    precondition(!first.isEmpty && !second.isEmpty, "two samples are compared")
    var wins = 0.0
    for a in first { for b in second { wins += a > b ? 1 : a == b ? 0.5 : 0 } }
    let couples = Double(first.count) * Double(second.count)
    let estimate = wins / couples
    let pseudo = Double(first.count + second.count) / 2 - 1
    let z = NormalDistribution.quantile(0.5 + level / 2)
    /// > 0 inside the interval, < 0 beyond its ends.
    func excess(_ theta: Double) -> Double {
      let spread = 1 + pseudo * (1 - theta) / (2 - theta) + pseudo * theta / (1 + theta)
      let variance = theta * (1 - theta) * spread / couples
      return z * z * variance - (estimate - theta) * (estimate - theta)
    }
    /// Where the interval ends between the estimate, inside, and 0 or 1, outside.
    func end(towards limit: Double) -> Double {
      guard estimate != limit else { return limit }
      var inside = estimate
      var outside = limit
      for _ in 0..<60 {
        let middle = (inside + outside) / 2
        if excess(middle) >= 0 { inside = middle } else { outside = middle }
      }
      return inside
    }
    self.estimate = estimate
    interval = Interval(low: end(towards: 0), high: end(towards: 1), level: level)
  }
}
