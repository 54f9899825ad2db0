/// Mann and Whitney's U test (Wilcoxon's rank-sum test) that two independent samples come from one distribution,
/// two-sided.
///
/// The statistic is U = #{(i, j): xᵢ > yⱼ} + ½ #{(i, j): xᵢ = yⱼ}. Up to `MannWhitney.exactMax` values in all p comes
/// from the exact distribution over all ways to split the pooled ranks, given the ties as they are; beyond, from the
/// normal approximation with correction for ties and continuity. p doubles the smaller tail.
///
/// - Source: Mann & Whitney 1947, Annals of Mathematical Statistics 18(1); with ties Hollander, Wolfe & Chicken 2014,
///   "Nonparametric Statistical Methods", 3rd edition, section 4.1, as is the normal approximation
package func mannWhitneyTest(_ first: [Double], _ second: [Double]) throws(Inapplicable) -> TestOutcome {
  let smaller = min(first.count, second.count)
  guard smaller >= 1 else { throw .tooFewValues(n: smaller, needed: 1) }
  let ranks = Ranks(of: first + second)
  guard ranks.doubled.contains(where: { $0 != ranks.doubled[0] }) else { throw .noSpread }
  let doubledU = ranks.doubled[..<first.count].reduce(0, +) - first.count * (first.count + 1)
  let u = Double(doubledU) / 2

  let n1 = Double(first.count)
  let n2 = Double(second.count)
  let total = n1 + n2
  guard first.count + second.count > MannWhitney.exactMax else {
    let p = MannWhitney.twoSidedTail(pooled: ranks.doubled, firstCount: first.count)
    return TestOutcome(method: .mannWhitneyExact, statistic: u, degreesOfFreedom: nil, p: p)
  }
  let variance = n1 * n2 / 12 * (total + 1 - ranks.tieTerm / (total * (total - 1)))
  let distance = max(0, abs(u - n1 * n2 / 2) - 0.5)
  return TestOutcome(
    method: .mannWhitneyNormal, statistic: u, degreesOfFreedom: nil,
    p: min(1, NormalDistribution.twoSidedTail(distance / variance.squareRoot())))
}

package enum MannWhitney {
  /// The most values in both samples together whose splits are counted exactly.
  package static let exactMax = 60

  /// Twice the smaller of P(R ≤ r) and P(R ≥ r), at most 1, where R is the rank sum of `firstCount` of the pooled ranks
  /// and r that of the ranks that come first.
  ///
  /// Subsets are counted by size and sum. The counts reach C(60, 30) ≈ 1.2e17 and lose less than 1e-14 as Double.
  static func twoSidedTail(pooled ranks: [Int], firstCount: Int) -> Double {
    let observed = ranks[..<firstCount].reduce(0, +)
    let sumMax = ranks.sorted(by: >)[..<firstCount].reduce(0, +)
    let width = sumMax + 1
    var counts = [Double](repeating: 0, count: (firstCount + 1) * width)  // (size, sum)
    counts[0] = 1
    for rank in ranks {
      // Sizes downwards, so that each rank joins a subset once.
      for size in stride(from: firstCount, to: 0, by: -1) {
        let row = size * width
        let rowBefore = row - width
        var sum = rank
        while sum < width {
          counts[row + sum] += counts[rowBefore + sum - rank]
          sum += 1
        }
      }
    }
    let splits = counts[(firstCount * width)...]
    let all = splits.reduce(0, +)
    let atMost = splits.prefix(observed + 1).reduce(0, +)
    let atLeast = splits.dropFirst(observed).reduce(0, +)
    return min(1, 2 * min(atMost, atLeast) / all)
  }
}
