import PairStatistics
import Testing

@Suite("Summary")
struct SummaryTests {
  @Test("No values have no summary")
  func empty() {
    #expect(Summary(of: []) == nil)
  }

  @Test("One value has a mean and quartiles, but neither spread nor interval")
  func single() throws {
    let summary = try #require(Summary(of: [0.9]))
    #expect(summary.n == 1)
    #expect(summary.mean == 0.9)
    #expect(summary.standardDeviation == nil)
    #expect(summary.standardError == nil)
    #expect(summary.interval == nil)
    #expect((summary.min, summary.median, summary.max) == (0.9, 0.9, 0.9))
    #expect(summary.quantile(0.25) == 0.9)
  }

  @Test("Equal values have a spread of exactly zero, whatever the rounding of their sum")
  func equalValues() throws {
    let summary = try #require(Summary(of: Array(repeating: 0.1, count: 10)))
    #expect(summary.mean == 0.1)
    #expect(summary.standardDeviation == 0)
    #expect(summary.interval == Interval(low: 0.1, high: 0.1, level: 0.95))
  }

  @Test("A large offset does not drown the spread")
  func offset() throws {
    let summary = try #require(Summary(of: [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]))
    #expect(summary.mean == 1e9 + 10)
    #expect(summary.standardDeviation == 30.0.squareRoot())
  }
}
