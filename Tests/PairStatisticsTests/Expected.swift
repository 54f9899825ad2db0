import PairStatistics
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The numbers of `Fixtures/expected.json`, made by the program beside it with SciPy.
struct Expected: Decodable, Sendable {
  struct At: Decodable, Sendable { let x, value: Double }
  struct Parameters: Decodable, Sendable { let a, b, value: Double }
  struct Beta: Decodable, Sendable { let x, a, b, lower, upper: Double }
  struct Gamma: Decodable, Sendable { let a, x, value: Double }
  struct Quantile: Decodable, Sendable { let p, value: Double }
  struct Normal: Decodable, Sendable {
    let cumulative: [At]
    let quantile: [Quantile]
  }
  struct StudentTail: Decodable, Sendable { let df, t, value: Double }
  struct StudentCritical: Decodable, Sendable { let df, tail, value: Double }
  struct Student: Decodable, Sendable {
    let tail: [StudentTail]
    let critical: [StudentCritical]
  }
  struct ChiSquaredQuantile: Decodable, Sendable { let df, p, value: Double }
  struct Ends: Decodable, Sendable { let level, low, high: Double }
  struct SummaryCase: Decodable, Sendable {
    let values: [Double]
    let mean, standardDeviation, min, max: Double
    let quartiles: [Double]
    let intervals: [Ends]
  }
  struct Pairs: Decodable, Sendable {
    let first, second: [Double]
    let difference, t, p, low, high, w, wP: Double
    let exact: Bool
    let signFlipP: Double?
  }
  struct SignedRank: Decodable, Sendable {
    let values: [Double]
    let w, p: Double
  }
  struct SignFlips: Decodable, Sendable {
    let values: [Double]
    let p: Double
  }
  struct Independent: Decodable, Sendable {
    let first, second: [Double]
    let difference, t, df, p, low, high, u, uP: Double
    let exact: Bool
  }
  struct RankSum: Decodable, Sendable {
    let first, second: [Double]
    let u, p: Double
  }
  struct ProportionCase: Decodable, Sendable {
    let n: Int
    let successes, level: Double
    let exact: [Double]
  }
  struct Family: Decodable, Sendable { let p, adjusted: [Double] }
  struct Improvement: Decodable, Sendable {
    let first, second: [Double]
    let estimate, low, high: Double
  }
  struct OneSize: Decodable, Sendable {
    let standardDeviation, halfWidth: Double
    let runs: Int
  }
  struct TwoSizes: Decodable, Sendable {
    let s1, s2, halfWidth: Double
    let runs: Int
  }
  struct AssuredSize: Decodable, Sendable {
    let values: [Double]
    let halfWidth: Double
    let runs, assuredRuns: Int
  }
  struct SampleSizes: Decodable, Sendable {
    let assured: [AssuredSize]
    let one: [OneSize]
    let two: [TwoSizes]
  }
  struct Sample: Decodable, Sendable {
    let n: Int
    let mean, standardDeviation: Double
  }
  struct Published: Decodable, Sendable {
    let ours, theirs: Sample
    let t, p: Double
  }

  let logGamma: [At]
  let logBeta: [Parameters]
  let incompleteBeta: [Beta]
  let incompleteGamma: [Gamma]
  let normal: Normal
  let student: Student
  let chiSquared: [ChiSquaredQuantile]
  let summaries: [SummaryCase]
  let pairs: [Pairs]
  let signedRankWithTies: [SignedRank]
  let signedRankLongWithTies: SignedRank
  let signFlipsLong: SignFlips
  let independent: [Independent]
  let mannWhitneyWithTies: [RankSum]
  let mannWhitneyLongWithTies: RankSum
  let proportions: [ProportionCase]
  let holm: [Family]
  let improvement: [Improvement]
  let sampleSizes: SampleSizes
  let published: [Published]

  static let all: Expected = {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    do {
      let data = try Data(contentsOf: URL(filePath: folder + "/Fixtures/expected.json"))
      return try JSONDecoder().decode(Expected.self, from: data)
    } catch {
      fatalError("Fixtures/expected.json cannot be read: \(error)")
    }
  }()
}

/// Whether two numbers agree to a relative 1e-9, or absolutely below `floor` where the expected number is a difference
/// that cancels.
func agree(_ value: Double, _ expected: Double, relative: Double = 1e-9, floor: Double = 0) -> Bool {
  abs(value - expected) <= max(relative * abs(expected), floor)
}

/// The summary of values that there are.
func summary(of values: [Double]) throws -> Summary { try #require(Summary(of: values)) }
