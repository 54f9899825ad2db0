/// Two settings held against each other: A − B with its interval, the tests, and how often A beats B.
package struct Comparison: Hashable, Sendable {
  package let design: Design
  /// The values compared; of a paired comparison only those with a partner.
  package let first: Summary
  package let second: Summary
  /// A − B: the mean difference of the pairs, or the difference of the means, which are the same number.
  package let difference: Double
  /// Of the difference, by Student's t over the pairs or by Welch; nil where a side has fewer than two values.
  package let interval: Interval?
  /// The differences of the pairs; nil for independent samples.
  package let pairs: Summary?
  package let tTest: Result<TestOutcome, Inapplicable>
  /// Wilcoxon's signed-rank test of pairs, Mann and Whitney's of independent samples.
  package let rankTest: Result<TestOutcome, Inapplicable>
  /// The sign-flip test of pairs; nil for independent samples.
  package let permutationTest: Result<TestOutcome, Inapplicable>?
  package let improvement: ProbabilityOfImprovement

  package enum Design: Hashable, Sendable {
    /// By seeds that both settings ran; with how many runs of either were left out for want of a partner.
    case paired(leftOut: Int)
    /// With how many seeds they share all the same: too few to pair by.
    case independent(shared: Int)
  }

  /// The comparison of pairs: runs that share the seed, and with it data, split and initialisation as far as they can.
  ///
  /// - Parameter pairs: at least one; finite.
  package init(pairs: [(Double, Double)], leftOut: Int = 0, level: Double = 0.95) {
    let differences = differencesWithoutRounding(pairs)
    guard let first = Summary(of: pairs.map(\.0)), let second = Summary(of: pairs.map(\.1)),
      let summary = Summary(of: differences)
    else { preconditionFailure("a comparison is of at least one pair") }
    design = .paired(leftOut: leftOut)
    self.first = first
    self.second = second
    self.pairs = summary
    difference = summary.mean
    interval = summary.interval(level: level)
    tTest = Result { () throws(Inapplicable) in try pairedTTest(summary) }
    rankTest = Result { () throws(Inapplicable) in try signedRankTest(differences) }
    permutationTest = Result { () throws(Inapplicable) in try signFlipTest(differences) }
    improvement = ProbabilityOfImprovement(pairedDifferences: differences, level: level)
  }

  /// The comparison of independent samples.
  ///
  /// - Parameters first, second: at least one value each; finite.
  package init(independent first: [Double], _ second: [Double], shared: Int = 0, level: Double = 0.95) {
    guard let firstSummary = Summary(of: first), let secondSummary = Summary(of: second) else {
      preconditionFailure("a comparison is of at least one value on either side")
    }
    design = .independent(shared: shared)
    self.first = firstSummary
    self.second = secondSummary
    pairs = nil
    difference = firstSummary.mean - secondSummary.mean
    if let firstMoments = Moments(firstSummary), let secondMoments = Moments(secondSummary) {
      let welch = WelchDifference(firstMoments, secondMoments)
      interval = welch.interval(level: level)
      tTest = Result { () throws(Inapplicable) in try welch.test() }
    } else {
      interval = nil
      tTest = .failure(.tooFewValues(n: min(first.count, second.count), needed: 2))
    }
    rankTest = Result { () throws(Inapplicable) in try mannWhitneyTest(first, second) }
    permutationTest = nil
    improvement = ProbabilityOfImprovement(first, second, level: level)
  }

  /// Paired by seed where that uses the runs well: where at least two seeds, and at least half of those of the smaller
  /// side, are shared. Otherwise all runs as independent samples, which costs power but leaves none out.
  ///
  /// - Parameters first, second: the value of each seed, at least one on either side.
  package init<Seed: Hashable & Comparable>(
    bySeed first: [Seed: Double], _ second: [Seed: Double], level: Double = 0.95
  ) {
    let shared = first.keys.filter { second[$0] != nil }.sorted()
    if shared.count >= 2 && 2 * shared.count >= min(first.count, second.count) {
      let pairs = shared.compactMap { seed in first[seed].flatMap { a in second[seed].map { (a, $0) } } }
      self.init(pairs: pairs, leftOut: first.count + second.count - 2 * shared.count, level: level)
    } else {
      // In the order of the seeds, so that the same runs give the same last digit.
      self.init(
        independent: first.sorted { $0.key < $1.key }.map(\.value),
        second.sorted { $0.key < $1.key }.map(\.value), shared: shared.count, level: level)
    }
  }

  /// The test whose p value goes into the conclusion and into Holm's correction: t, which belongs to the interval; where
  /// there is no spread for it, the exact permutation or rank test; nil where neither applies.
  package var headlineTest: TestOutcome? {
    switch tTest {
    case .success(let outcome): outcome
    case .failure(.noSpread) where difference != 0: try? (permutationTest ?? rankTest).get()
    case .failure: nil
    }
  }

  /// How many runs would make the interval of the difference ± `halfWidth`: pairs of runs, or runs of either setting.
  ///
  /// - Returns: nil where a side has a single value.
  package func runsNeeded(halfWidth: Double, level: Double = 0.95) -> Int? {
    if let pairs { return SampleSize(halfWidth: halfWidth, pilot: pairs, level: level)?.runs }
    guard let s1 = first.standardDeviation, let s2 = second.standardDeviation else { return nil }
    return SampleSize.runsOfEach(halfWidth: halfWidth, standardDeviations: s1, s2, level: level)
  }
}

/// a − b of each pair, those of equal magnitude made equal to the bit.
///
/// Accuracies are multiples of 1/1000, yet 0.93 − 0.92 and 0.85 − 0.84 differ in their last digits. Ranks and tests for
/// zero spread would take that for a difference; so magnitudes within 16 roundings of each other, or of zero, are one.
func differencesWithoutRounding(_ pairs: [(Double, Double)]) -> [Double] {
  let raw = pairs.map { $0.0 - $0.1 }
  let largest = pairs.reduce(0) { max($0, abs($1.0), abs($1.1)) }
  let slack = 16 * largest.ulp
  var differences = raw
  var representative = 0.0
  for index in raw.indices.sorted(by: { abs(raw[$0]) < abs(raw[$1]) }) {
    let magnitude = abs(raw[index])
    if magnitude - representative > slack { representative = magnitude }
    differences[index] = raw[index] < 0 ? -representative : representative
  }
  return differences
}
