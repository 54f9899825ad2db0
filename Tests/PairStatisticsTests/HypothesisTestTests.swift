import PairStatistics
import Testing

@Suite("Tests and intervals, against SciPy")
struct HypothesisTestTests {
  let expected = Expected.all

  @Test("Summaries agree: mean, spread, quartiles and intervals of three levels")
  func summaries() throws {
    for sample in expected.summaries {
      let summary = try #require(Summary(of: sample.values))
      #expect(agree(summary.mean, sample.mean, relative: 1e-15))
      #expect(agree(try #require(summary.standardDeviation), sample.standardDeviation, relative: 1e-12))
      #expect((summary.min, summary.max) == (sample.min, sample.max))
      for (share, quartile) in zip([0.25, 0.5, 0.75], sample.quartiles) {
        #expect(agree(summary.quantile(share), quartile, relative: 1e-14))
      }
      for ends in sample.intervals {
        let interval = try #require(summary.interval(level: ends.level))
        #expect(agree(interval.low, ends.low))
        #expect(agree(interval.high, ends.high))
      }
    }
  }

  @Test("Paired comparisons agree: interval, t, Wilcoxon exact and approximate, all sign patterns")
  func pairs() throws {
    for sample in expected.pairs {
      let comparison = Comparison(pairs: Array(zip(sample.first, sample.second)))
      let interval = try #require(comparison.interval)
      let t = try comparison.tTest.get()
      #expect(agree(comparison.difference, sample.difference, floor: 1e-14))
      #expect(agree(interval.low, sample.low))
      #expect(agree(interval.high, sample.high))
      #expect(agree(t.statistic, sample.t))
      #expect(t.degreesOfFreedom == Double(sample.first.count - 1))
      #expect(agree(t.p, sample.p))

      let rank = try comparison.rankTest.get()
      #expect(rank.method == (sample.exact ? .signedRankExact : .signedRankNormal))
      #expect(rank.statistic == sample.w)
      #expect(agree(rank.p, sample.wP))
      if let p = sample.signFlipP {
        let signFlip = try #require(comparison.permutationTest).get()
        #expect(signFlip.method == .signFlipExact)
        #expect(signFlip.p == p)
      }
    }
  }

  @Test("Wilcoxon's signed ranks are exact with ties and zeros too")
  func signedRankTies() throws {
    for sample in expected.signedRankWithTies {
      let outcome = try signedRankTest(sample.values)
      #expect(outcome.method == .signedRankExact)
      #expect(outcome.statistic == sample.w)
      #expect(agree(outcome.p, sample.p, relative: 1e-12), "\(sample.values)")
    }
    let long = expected.signedRankLongWithTies
    let outcome = try signedRankTest(long.values)
    #expect(outcome.method == .signedRankNormal)
    #expect(outcome.statistic == long.w)
    #expect(agree(outcome.p, long.p))
  }

  @Test("All 2²⁰ sign patterns are counted where sums of thousandths tie")
  func signFlipsLong() throws {
    let outcome = try signFlipTest(expected.signFlipsLong.values)
    #expect(outcome.method == .signFlipExact)
    #expect(outcome.p == expected.signFlipsLong.p)
  }

  @Test("Independent comparisons agree: Welch's interval and t, Mann-Whitney exact and approximate")
  func independent() throws {
    for sample in expected.independent {
      let comparison = Comparison(independent: sample.first, sample.second)
      let interval = try #require(comparison.interval)
      let t = try comparison.tTest.get()
      #expect(agree(comparison.difference, sample.difference, floor: 1e-14))
      #expect(agree(interval.low, sample.low))
      #expect(agree(interval.high, sample.high))
      #expect(agree(t.statistic, sample.t))
      #expect(agree(try #require(t.degreesOfFreedom), sample.df))
      #expect(agree(t.p, sample.p))
      let rank = try comparison.rankTest.get()
      #expect(rank.method == (sample.exact ? .mannWhitneyExact : .mannWhitneyNormal))
      #expect(rank.statistic == sample.u)
      #expect(agree(rank.p, sample.uP))
    }
  }

  @Test("Mann and Whitney's U is exact with ties too")
  func mannWhitneyTies() throws {
    for sample in expected.mannWhitneyWithTies {
      let outcome = try mannWhitneyTest(sample.first, sample.second)
      #expect(outcome.method == .mannWhitneyExact)
      #expect(outcome.statistic == sample.u)
      #expect(agree(outcome.p, sample.p, relative: 1e-12), "\(sample)")
    }
    let long = expected.mannWhitneyLongWithTies
    let outcome = try mannWhitneyTest(long.first, long.second)
    #expect(outcome.method == .mannWhitneyNormal)
    #expect(outcome.statistic == long.u)
    #expect(agree(outcome.p, long.p))
  }

  @Test("A published mean and spread are compared as SciPy compares them")
  func published() throws {
    for sample in expected.published {
      let difference = WelchDifference(Moments(sample.ours), Moments(sample.theirs))
      let outcome = try difference.test()
      #expect(agree(outcome.statistic, sample.t))
      #expect(agree(outcome.p, sample.p))
    }
  }

  @Test("Clopper and Pearson's intervals agree")
  func proportions() {
    for sample in expected.proportions {
      let proportion = Proportion(successes: sample.successes, of: sample.n)
      let exact = proportion.exactInterval(level: sample.level)
      #expect(agree(exact.low, sample.exact[0]))
      #expect(agree(exact.high, sample.exact[1]))
    }
  }

  @Test("Holm's adjusted values are those of the closed test of all intersections")
  func holm() {
    for family in expected.holm {
      let adjusted = holmAdjusted(family.p)
      for (value, wanted) in zip(adjusted, family.adjusted) { #expect(agree(value, wanted, relative: 1e-14)) }
    }
  }

  @Test("Newcombe's interval of the probability of improvement agrees with root finding")
  func improvement() {
    for sample in expected.improvement {
      let improvement = ProbabilityOfImprovement(sample.first, sample.second)
      #expect(agree(improvement.estimate, sample.estimate))
      #expect(agree(improvement.interval.low, sample.low))
      #expect(agree(improvement.interval.high, sample.high))
    }
  }

  @Test("The number of runs for a half-width is the least that reaches it")
  func sampleSizes() throws {
    for sample in expected.sampleSizes.assured {
      let size = try #require(
        SampleSize(halfWidth: sample.halfWidth, pilot: summary(of: sample.values)))
      #expect((size.runs, size.assuredRuns) == (sample.runs, sample.assuredRuns))
      #expect(size.additional == max(0, sample.runs - sample.values.count))
    }
    for sample in expected.sampleSizes.one {
      #expect(
        SampleSize.runs(halfWidth: sample.halfWidth, standardDeviation: sample.standardDeviation) == sample.runs)
    }
    for sample in expected.sampleSizes.two {
      #expect(
        SampleSize.runsOfEach(halfWidth: sample.halfWidth, standardDeviations: sample.s1, sample.s2) == sample.runs)
    }
  }
}

extension Moments {
  fileprivate init(_ sample: Expected.Sample) {
    self.init(n: sample.n, mean: sample.mean, standardDeviation: sample.standardDeviation)
  }
}
