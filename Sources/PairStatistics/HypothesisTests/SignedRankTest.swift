/// Wilcoxon's signed-rank test that differences of pairs lie symmetrically around zero, two-sided.
///
/// The statistic is W = min(W⁺, W⁻), the smaller sum of the ranks of |d| over the positive or the negative d. Zeros are
/// dropped, as Wilcoxon did. Up to `exactMax` remaining differences p comes from the exact distribution over all 2ⁿ
/// signs *given the ranks as they are*, so that it is exact with ties too; beyond, from the normal approximation with
/// correction for ties and continuity.
///
/// - Source: Wilcoxon 1945, Biometrics Bulletin 1(6); exact distribution with ties Hollander, Wolfe & Chicken 2014,
///   "Nonparametric Statistical Methods", 3rd edition, section 3.1, as is the normal approximation
package func signedRankTest(_ differences: [Double]) throws(Inapplicable) -> TestOutcome {
  let nonzero = differences.filter { $0 != 0 }
  guard !differences.isEmpty else { throw .tooFewValues(n: 0, needed: 1) }
  guard !nonzero.isEmpty else { throw .allZero }
  let ranks = Ranks(of: nonzero.map(abs))
  var positive = 0
  for (difference, rank) in zip(nonzero, ranks.doubled) where difference > 0 { positive += rank }
  let total = ranks.doubled.reduce(0, +)
  let smaller = min(positive, total - positive)  // twice W
  let statistic = Double(smaller) / 2

  guard nonzero.count > SignedRank.exactMax else {
    let p = min(1, 2 * SignedRank.lowerTail(of: ranks.doubled, upTo: smaller))
    return TestOutcome(method: .signedRankExact, statistic: statistic, degreesOfFreedom: nil, p: p)
  }
  let n = Double(nonzero.count)
  let mean = n * (n + 1) / 4
  let variance = n * (n + 1) * (2 * n + 1) / 24 - ranks.tieTerm / 48
  let distance = max(0, mean - statistic - 0.5)
  return TestOutcome(
    method: .signedRankNormal, statistic: statistic, degreesOfFreedom: nil,
    p: min(1, NormalDistribution.twoSidedTail(distance / variance.squareRoot())))
}

package enum SignedRank {
  /// The most differences whose signs are counted exactly: 2⁵⁰ sign patterns in 50 · 2,550 additions.
  package static let exactMax = 50

  /// P(sum of the ranks with positive sign ≤ limit), every pattern of signs being as likely.
  ///
  /// The number of subsets with each sum by dynamic programming: counts stay below 2⁵⁰ and so are exact as Double.
  static func lowerTail(of ranks: [Int], upTo limit: Int) -> Double {
    var counts = [Double](repeating: 0, count: limit + 1)  // (limit + 1): subsets by sum
    counts[0] = 1
    for rank in ranks where rank <= limit {
      for sum in stride(from: limit, through: rank, by: -1) { counts[sum] += counts[sum - rank] }
    }
    var patterns = 1.0
    for _ in ranks { patterns *= 2 }
    return counts.reduce(0, +) / patterns
  }
}
