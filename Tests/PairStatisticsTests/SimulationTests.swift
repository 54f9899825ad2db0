import Glibc
import PairStatistics
import Testing

/// 10,000 experiments of 10 runs with known truth: do the intervals hold it as often as they say?
///
/// A share of 95 % over 10,000 has a standard error of 0.22 points, so that the bounds of 94 % and 96 % are 4.6 of them
/// away, and those of 5.5 % false positives 2.3. `PAIRNET_TEST_SEED` replays another seed.
@Suite("Simulated experiments")
struct SimulationTests {
  static let experiments = 10_000
  static let runs = 10
  static let seed = getenv("PAIRNET_TEST_SEED").flatMap { UInt64(String(cString: $0)) } ?? 20_261_123

  func report(_ what: String, _ count: Int) -> Double {
    let share = Double(count) / Double(Self.experiments)
    print("simulation, seed \(Self.seed): \(what) \(decimalText(share * 100, places: 2)) %")
    return share
  }

  @Test("The 95 % interval of a mean holds it in 94 to 96 % of experiments")
  func coverageOfMean() throws {
    var random = NormalSource(seed: Self.seed)
    var held = 0
    for _ in 0..<Self.experiments {
      let values = (0..<Self.runs).map { _ in 0.826 + 0.014 * random.next() }
      if try #require(Summary(of: values)?.interval).contains(0.826) { held += 1 }
    }
    #expect((0.94...0.96).contains(report("coverage of the mean's t interval", held)))
  }

  @Test("So it does for accuracies: shares of 1,000 answers, whose own probability varies with the seed and is skewed")
  func coverageOfAccuracy() throws {
    var random = NormalSource(seed: Self.seed &+ 1)
    var held = 0
    // 1 − accuracy is log-normal with mean 0.08: a long tail of bad seeds, as with diverging runs.
    let spread = 0.15
    for _ in 0..<Self.experiments {
      let values = (0..<Self.runs).map { _ in
        let error = 0.08 * exp(spread * random.next() - spread * spread / 2)
        let answered = error * 1_000 + (error * (1 - error) * 1_000).squareRoot() * random.next()
        return 1 - answered.rounded() / 1_000
      }
      if try #require(Summary(of: values)?.interval).contains(0.92) { held += 1 }
    }
    #expect((0.94...0.96).contains(report("coverage of the interval of skewed accuracies", held)))
  }

  @Test("Without a difference the paired tests find one in at most 5.5 % of experiments")
  func falsePositives() throws {
    var random = NormalSource(seed: Self.seed &+ 2)
    var t = 0
    var held = 0
    var rank = 0
    var flips = 0
    for _ in 0..<Self.experiments {
      // What the seed does to both, and what differs.
      let pairs = (0..<Self.runs).map { _ in
        let shared = 0.85 + 0.02 * random.next()
        return (shared + 0.01 * random.next(), shared + 0.01 * random.next())
      }
      let differences = pairs.map { $0.0 - $0.1 }
      let summary = try #require(Summary(of: differences))
      if try pairedTTest(summary).p < 0.05 { t += 1 }
      if try #require(summary.interval).contains(0) { held += 1 }
      if try signedRankTest(differences).p < 0.05 { rank += 1 }
      if try signFlipTest(differences).p < 0.05 { flips += 1 }
    }
    #expect(report("false positives of the paired t test", t) <= 0.055)
    #expect((0.94...0.96).contains(report("coverage of the paired difference's interval", held)))
    #expect(report("false positives of Wilcoxon's signed-rank test", rank) <= 0.055)
    #expect(report("false positives of the sign-flip test", flips) <= 0.055)
    // The interval and the test are one: what the one leaves out the other rejects.
    #expect(held + t == Self.experiments)
  }

  @Test("Without a difference Welch's test finds one in at most 5.5 %, for unequal spreads and sizes too")
  func falsePositivesUnpaired() throws {
    var random = NormalSource(seed: Self.seed &+ 3)
    var t = 0
    var held = 0
    for _ in 0..<Self.experiments {
      let first = try #require(Summary(of: (0..<Self.runs).map { _ in 0.92 + 0.008 * random.next() }))
      let second = try #require(Summary(of: (0..<15).map { _ in 0.90 + 0.014 * random.next() }))
      let welch = WelchDifference(try #require(Moments(first)), try #require(Moments(second)))
      if welch.interval(level: 0.95).contains(0.02) { held += 1 }
      // Moved by the true difference, so that the hypothesis holds.
      let shifted = Moments(n: 15, mean: second.mean + 0.02, standardDeviation: try #require(second.standardDeviation))
      if try WelchDifference(try #require(Moments(first)), shifted).test().p < 0.05 { t += 1 }
    }
    #expect((0.94...0.96).contains(report("coverage of Welch's interval", held)))
    #expect(report("false positives of Welch's test", t) <= 0.055)
  }

  @Test(
    "The interval of P(A > B) from independent runs is honest, up to settings that nearly always win",
    arguments: [0.5, 0.75, 0.9, 0.983])
  func coverageOfImprovement(truth: Double) {
    var random = NormalSource(seed: Self.seed &+ 4)
    // P(X > Y) = Φ(shift / √2) for normal values of the same spread.
    let shift = NormalDistribution.quantile(truth) * 2.0.squareRoot()
    var held = 0
    for _ in 0..<Self.experiments {
      let first = (0..<Self.runs).map { _ in random.next() + shift }
      let second = (0..<Self.runs).map { _ in random.next() }
      if ProbabilityOfImprovement(first, second).interval.contains(truth) { held += 1 }
    }
    #expect(report("coverage of P(A > B) = \(truth), independent runs", held) >= 0.94)
  }

  @Test(
    "The interval of P(A > B) from pairs holds the truth in at least 95 %, by adding up all outcomes",
    arguments: [2, 5, 10, 30])
  func coverageOfPairs(count: Int) {
    let intervals = (0...count).map { wins in
      let differences = (0..<count).map { $0 < wins ? 1.0 : -1.0 }
      return ProbabilityOfImprovement(pairedDifferences: differences).interval
    }
    var least = 1.0
    for step in 1..<1_000 {
      let truth = Double(step) / 1_000
      var probability = 1.0
      for _ in 0..<count { probability *= 1 - truth }
      var held = 0.0
      for wins in 0...count {
        if intervals[wins].contains(truth) { held += probability }
        probability *= Double(count - wins) / Double(wins + 1) * truth / (1 - truth)
      }
      least = min(least, held)
    }
    print("least coverage of P(A > B) from \(count) pairs: \(decimalText(least * 100, places: 2)) %")
    #expect(least >= 0.95)
  }
}

/// Standard normal numbers in pairs by Marsaglia's polar method.
private struct NormalSource {
  private var generator: SplitMix64
  private var spare: Double?

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  mutating func next() -> Double {
    if let value = spare {
      spare = nil
      return value
    }
    while true {
      let u = uniform()
      let v = uniform()
      let square = u * u + v * v
      guard square > 0 && square < 1 else { continue }
      let scale = (-2 * log(square) / square).squareRoot()
      spare = v * scale
      return u * scale
    }
  }

  /// In (-1, 1).
  private mutating func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-52 - 1 }
}
