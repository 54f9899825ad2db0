import PairStatistics
import Testing

@Suite("Degenerate data and properties")
struct EdgeCaseTests {
  @Test("Tests say why they do not apply, instead of dividing by zero")
  func inapplicable() throws {
    #expect(throws: Inapplicable.tooFewValues(n: 1, needed: 2)) {
      try pairedTTest(summary(of: [0.1]))
    }
    #expect(throws: Inapplicable.noSpread) { try pairedTTest(summary(of: [0.1, 0.1])) }
    #expect(throws: Inapplicable.tooFewValues(n: 0, needed: 1)) { try signedRankTest([]) }
    #expect(throws: Inapplicable.allZero) { try signedRankTest([0, 0, 0]) }
    #expect(throws: Inapplicable.tooFewValues(n: 0, needed: 1)) { try signFlipTest([]) }
    #expect(throws: Inapplicable.tooFewValues(n: 0, needed: 1)) { try mannWhitneyTest([], [1]) }
    #expect(throws: Inapplicable.noSpread) { try mannWhitneyTest([2, 2], [2]) }
    let constant = Moments(n: 3, mean: 1, standardDeviation: 0)
    #expect(throws: Inapplicable.noSpread) { try WelchDifference(constant, constant).test() }
  }

  @Test("A side without spread takes its degrees of freedom from the other")
  func oneConstantSide() {
    let welch = WelchDifference(
      Moments(n: 10, mean: 1, standardDeviation: 0), Moments(n: 7, mean: 0, standardDeviation: 2))
    #expect(welch.degreesOfFreedom == 6)
  }

  @Test("Spreads too small to square do not underflow")
  func tinySpread() throws {
    let welch = WelchDifference(
      Moments(n: 10, mean: 1e-120, standardDeviation: 1e-120), Moments(n: 10, mean: 0, standardDeviation: 1e-120))
    #expect(agree(try #require(welch.degreesOfFreedom), 18, relative: 1e-12))
  }

  @Test("No difference at all has p = 1 where a test applies, and an improvement of one half")
  func noDifference() throws {
    let values = [0.9, 0.91, 0.92]
    let comparison = Comparison(pairs: Array(zip(values, values)))
    #expect(comparison.difference == 0)
    #expect(comparison.interval == Interval(low: 0, high: 0, level: 0.95))
    #expect(comparison.headlineTest == nil)
    #expect(try #require(comparison.permutationTest).get().p == 1)
    #expect(comparison.improvement.estimate == 0.5)
    let unpaired = Comparison(independent: values, values)
    #expect(try unpaired.tTest.get().p == 1)
    #expect(try unpaired.rankTest.get().p == 1)
    #expect(unpaired.improvement.estimate == 0.5)
  }

  @Test("Swapping A and B changes signs and ends, but no p value", arguments: [1, 2, 3] as [UInt64])
  func antisymmetry(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    // Tenths, so that there are ties.
    let pairs = (0..<12).map { _ in
      (Double.random(in: 0...1, using: &random), Double.random(in: 0...1, using: &random))
    }.map { (($0 * 10).rounded() / 10, ($1 * 10).rounded() / 10) }
    let forth = Comparison(pairs: pairs)
    let back = Comparison(pairs: pairs.map { ($1, $0) })
    #expect(forth.difference == -back.difference)
    #expect(try forth.tTest.get().p == back.tTest.get().p)
    #expect(try forth.rankTest.get() == back.rankTest.get())
    let flips = try #require(forth.permutationTest).get()
    #expect(try #require(back.permutationTest).get().p == flips.p)
    #expect(agree(forth.improvement.estimate, 1 - back.improvement.estimate))
    #expect(agree(forth.improvement.interval.low, 1 - back.improvement.interval.high, floor: 1e-15))

    let first = pairs.map(\.0)
    let second = pairs.dropLast(3).map(\.1)
    let unpaired = Comparison(independent: first, second)
    let reverse = Comparison(independent: second, first)
    #expect(unpaired.difference == -reverse.difference)
    #expect(agree(try unpaired.rankTest.get().p, try reverse.rankTest.get().p))
    #expect(agree(unpaired.improvement.interval.low, 1 - reverse.improvement.interval.high))
  }

  @Test("Ranks and sign patterns see ties that subtraction has blurred")
  func blurredTies() throws {
    // 0.93 − 0.92 ≠ 0.85 − 0.84 in binary.
    let pairs = [(0.93, 0.92), (0.85, 0.84), (0.71, 0.72), (0.3, 0.1 + 0.2)]
    let comparison = Comparison(pairs: pairs)
    let differences = try #require(comparison.pairs).sorted
    #expect(Set(differences.map(abs)).count == 2)
    #expect(try comparison.rankTest.get().statistic == 2)
    #expect(comparison.improvement.estimate == 2.5 / 4)
  }

  @Test("Seeds that are shared make pairs; the rest is counted as left out")
  func pairing() {
    let first = [1: 0.9, 2: 0.91, 3: 0.92, 4: 0.93]
    let second = [2: 0.81, 3: 0.82, 9: 0.7]
    let paired = Comparison(bySeed: first, second)
    #expect(paired.design == .paired(leftOut: 3))
    #expect(paired.first.sorted == [0.91, 0.92])
    let unpaired = Comparison(bySeed: first, [4: 0.8, 5: 0.8, 6: 0.8])
    #expect(unpaired.design == .independent(shared: 1))
    #expect(unpaired.second.n == 3)
    // A single pair could show nothing of the other runs.
    #expect(Comparison(bySeed: [1: 0.9], [1: 0.8, 2: 0.81]).design == .independent(shared: 1))
  }

  @Test("A tie counts half, and widens the interval at both ends")
  func halfWins() {
    let half = Proportion(successes: 5.5, of: 10)
    #expect(half.share == 0.55)
    let interval = half.exactInterval(level: 0.95)
    #expect(interval.low == Proportion(successes: 5, of: 10).exactInterval(level: 0.95).low)
    #expect(interval.high == Proportion(successes: 6, of: 10).exactInterval(level: 0.95).high)
  }

  @Test("Random flips come near the exact share, and the same seed gives the same p")
  func sampledFlips() throws {
    var random = SplitMix64(seed: 5)
    let long = (0..<40).map { _ in Double.random(in: -1...1.4, using: &random) }
    let sampled = try signFlipTest(long, flips: 20_000, seed: 3)
    #expect(sampled.method == .signFlipSampled(flips: 20_000))
    #expect(try signFlipTest(long, flips: 20_000, seed: 3) == sampled)
    let t = try pairedTTest(summary(of: long))
    #expect(abs(sampled.p - t.p) < 0.02)
    #expect(try signFlipTest(Array(repeating: 1.0, count: 70), flips: 99).p == 0.01)
    // Beyond 64 differences every sign is drawn: only the last six matter here, and 2 of their 64 patterns reach 6.
    let tail = try signFlipTest(Array(repeating: 0.0, count: 66) + Array(repeating: 1.0, count: 6), flips: 20_000)
    #expect(abs(tail.p - 2.0 / 64) < 0.005)
  }

  @Test("An assured number of runs is larger the fewer values the spread is known from")
  func assurance() throws {
    let few = try #require(SampleSize(halfWidth: 0.5, pilot: summary(of: [-1, 1, 0])))
    #expect(few.assuredRuns > 2 * few.runs)
    #expect(try SampleSize(halfWidth: 1, pilot: summary(of: [3])) == nil)
    #expect(SampleSize.runs(halfWidth: 1e-6, standardDeviation: 1) == nil)
    #expect(SampleSize.runs(halfWidth: 0.1, standardDeviation: 0) == 2)
  }

  @Test("How many runs a difference needs goes by its pairs, or by both spreads")
  func runsNeeded() {
    let first = [0.82, 0.85, 0.79, 0.84]
    // The pairs differ far less than the runs.
    let second = [0.81, 0.838, 0.781, 0.83]
    let paired = Comparison(pairs: Array(zip(first, second)))
    let independent = Comparison(independent: first, second)
    let pairs = paired.pairs.flatMap { SampleSize(halfWidth: 0.001, pilot: $0)?.runs }
    #expect(paired.runsNeeded(halfWidth: 0.001) == pairs)
    #expect(
      independent.runsNeeded(halfWidth: 0.001)
        == SampleSize.runsOfEach(
          halfWidth: 0.001, standardDeviations: independent.first.standardDeviation ?? 0,
          independent.second.standardDeviation ?? 0))
    #expect((paired.runsNeeded(halfWidth: 0.001) ?? 0) < (independent.runsNeeded(halfWidth: 0.001) ?? 0))
    #expect(Comparison(independent: [1], [2, 3]).runsNeeded(halfWidth: 1) == nil)
    #expect(Comparison(pairs: [(1, 2)]).runsNeeded(halfWidth: 1) == nil)
  }

  @Test("A family counts the comparisons that have a test, and only those")
  func families() {
    let same = Comparison(pairs: [(1, 1), (2, 2)])
    let clear = Comparison(pairs: [(1.0, 2.0), (1, 2.1), (1, 2.2)])
    let vague = Comparison(pairs: [(1.0, 0.9), (1, 1.2), (1, 1.05)])
    let families = Family.adjusting([same, vague, clear])
    #expect(families[0] == nil)
    #expect(families[1]?.comparisons == 2)
    #expect(families[1]?.adjustedP == vague.headlineTest?.p)
    #expect(families[2]?.adjustedP == clear.headlineTest.map { 2 * $0.p })
  }

  @Test("Holm's values are at least the given ones, at most Bonferroni's, and none are lost")
  func holmBounds() {
    #expect(holmAdjusted([]) == [])
    let given = [0.3, 0.001, 0.02, 0.02, 0.9]
    for (p, adjusted) in zip(given, holmAdjusted(given)) {
      #expect(adjusted >= p)
      #expect(adjusted <= min(1, 5 * p))
    }
  }
}
