/// The permutation test that differences of pairs have mean zero, two-sided: if A and B were exchangeable, each
/// difference would be as likely with the other sign.
///
/// p is the share of the 2ⁿ sign patterns whose |mean| is at least the observed one. It assumes no normality. Up to
/// `SignFlip.exactMax` differences all patterns are counted; beyond, `flips` random ones are drawn, and
/// p = (1 + hits) / (1 + flips), which is never 0 and never too small on average.
///
/// - Parameter seed: of the random patterns; unused where all are counted.
/// - Source: Fisher 1935, "The Design of Experiments", section 21; counting the halves apart Pagano & Tritchler 1983,
///   JASA 78; the 1 + … Phipson & Smyth 2010, "Permutation P-values Should Never Be Zero"
package func signFlipTest(
  _ differences: [Double], flips: Int = 99_999, seed: UInt64 = 1
) throws(Inapplicable) -> TestOutcome {
  guard !differences.isEmpty else { throw .tooFewValues(n: 0, needed: 1) }
  let sum = differences.reduce(0, +)
  let magnitudes = differences.map(abs)
  let mean = sum / Double(differences.count)
  // Two patterns of the same sum may differ in its last digits: within this much they are equal.
  let slack = 1e-13 * magnitudes.reduce(0, +)
  let threshold = abs(sum) - slack
  guard differences.count > SignFlip.exactMax else {
    let p = SignFlip.shareOfPatterns(magnitudes, reaching: threshold)
    return TestOutcome(method: .signFlipExact, statistic: mean, degreesOfFreedom: nil, p: p)
  }
  let hits = SignFlip.hits(magnitudes, reaching: threshold, flips: flips, seed: seed)
  return TestOutcome(
    method: .signFlipSampled(flips: flips), statistic: mean, degreesOfFreedom: nil,
    p: Double(1 + hits) / Double(1 + flips))
}

package enum SignFlip {
  /// The most differences whose 2ⁿ patterns are all counted: two halves of 2¹⁵ sums each.
  package static let exactMax = 30

  /// The share of sign patterns with |±m₁ ± m₂ …| ≥ threshold.
  ///
  /// The sums of either half are listed and sorted; for each sum of the one, those of the other that reach the threshold
  /// lie at an end of the list, and that end only moves one way as the first sum grows.
  static func shareOfPatterns(_ magnitudes: [Double], reaching threshold: Double) -> Double {
    guard threshold > 0 else { return 1 }
    let left = sortedSums(magnitudes[..<(magnitudes.count / 2)])
    let right = sortedSums(magnitudes[(magnitudes.count / 2)...])
    // Patterns come in opposites of equal magnitude: twice those with sum ≥ threshold.
    var reaching = 0
    var first = right.count
    for sum in left {
      while first > 0 && sum + right[first - 1] >= threshold { first -= 1 }
      reaching += right.count - first
    }
    return 2 * Double(reaching) / (Double(left.count) * Double(right.count))
  }

  /// ±m₁ ± m₂ … for all signs, ascending; merged from two shifted copies of the list without the last, which are sorted.
  private static func sortedSums(_ magnitudes: ArraySlice<Double>) -> [Double] {
    var sums = [0.0]
    for magnitude in magnitudes {
      var merged: [Double] = []
      merged.reserveCapacity(2 * sums.count)
      var low = 0  // next of the sums − magnitude, never behind high
      for high in sums.indices {
        let raised = sums[high] + magnitude
        while low < sums.count && sums[low] - magnitude <= raised {
          merged.append(sums[low] - magnitude)
          low += 1
        }
        merged.append(raised)
      }
      sums = merged
    }
    return sums
  }

  static func hits(_ magnitudes: [Double], reaching threshold: Double, flips: Int, seed: UInt64) -> Int {
    var random = SplitMix64(seed: seed)
    var hits = 0
    for _ in 0..<flips {
      var sum = 0.0
      var bits: UInt64 = 0
      for (index, magnitude) in magnitudes.enumerated() {
        if index % 64 == 0 { bits = random.next() }
        sum += bits & 1 == 0 ? magnitude : -magnitude
        bits >>= 1
      }
      if abs(sum) >= threshold { hits += 1 }
    }
    return hits
  }
}
