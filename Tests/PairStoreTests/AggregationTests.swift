import PairCore
import PairStatistics
import PairStore
import StoreTesting
import Testing

@Suite struct AggregationTests {
  let directory: TemporaryDirectory
  let store: Store

  init() throws {
    directory = try TemporaryDirectory()
    store = try directory.open()
  }

  @Test("Seeds are averaged, and what is not in the figures is counted beside them")
  func groups() throws {
    try store.submit(test: specs(seeds: 1...4, ["dropout": .number(0.5)]))
    try store.submit(test: specs(seeds: 1...2, ["dropout": .number(0)]))
    for accuracy in [0.7, 0.8, 0.9] { try store.run(testAccuracy: accuracy) }
    let job = try #require(try store.claim(by: 1))
    try store.finish(job.attempt, with: .diverged(epoch: 1), after: .zero)

    let table = try store.aggregate()
    #expect(table.by == ["model", "dropout"] && table.metric == .testAccuracy)
    let summary = try #require(Summary(of: [0.7, 0.8, 0.9]))
    #expect(
      table.rows == [
        AggregateRow(
          group: ["model": .text("BaseNet"), "dropout": .number(0)], n: 0, mean: nil, standardDeviation: nil,
          intervalLow: nil, intervalHigh: nil, min: nil, max: nil, others: ["queued": 2], jobs: []),
        AggregateRow(
          group: ["model": .text("BaseNet"), "dropout": .number(0.5)], n: 3, mean: summary.mean,
          standardDeviation: summary.standardDeviation, intervalLow: summary.interval?.low,
          intervalHigh: summary.interval?.high, min: 0.7, max: 0.9, others: ["diverged": 1], jobs: [1, 2, 3]),
      ])
    let seeds = try store.aggregate(JobFilter(study: 1), by: [.seed])
    #expect(seeds.by == ["seed"] && seeds.rows.map(\.n) == [1, 1, 1, 0])
    #expect(try store.aggregate(JobFilter(study: 2)).by == ["model"])
    let asked = JobFilter(parameters: ["dropout": [.number(0.5)]])
    #expect(try store.aggregate(asked).by == ["model", "dropout"])
    #expect(try store.aggregate(JobFilter(study: 9)).rows.isEmpty)
  }

  @Test("A spec that ran twice counts once")
  func repeated() throws {
    for _ in 1...2 { try store.submit(test: specs(seeds: 1...3)) }
    for _ in 1...6 { try store.run(testAccuracy: 0.5) }
    let row = try #require(try store.aggregate().rows.first)
    #expect(row.n == 3 && row.jobs == [1, 2, 3] && row.others == ["repeated": 3])
  }

  @Test("Results of different bytes under one dataset's name are not averaged")
  func provenance() throws {
    let specs = try specs(seeds: 1...2)
    for digit in ["a", "b"] {
      _ = try store.submit(specs, datasetDigests: ["mnist": String(repeating: digit, count: 64)])
    }
    for _ in 1...4 { try store.run() }
    let table = try store.aggregate()
    #expect(table.by == ["model", "dataset_digest"])
    #expect(table.rows.map(\.n) == [2, 2])
  }

  @Test("A result that lacks the metric is not in the figures", arguments: Metric.allCases)
  func metrics(metric: Metric) throws {
    try store.submit(test: specs(seeds: 1...1))
    try store.run()
    let row = try #require(try store.aggregate(metric: metric).rows.first)
    let lacks = metric == .digit1Accuracy || metric == .digit2Accuracy
    #expect(row.n == (lacks ? 0 : 1) && row.others == (lacks ? ["succeeded": 1] : [:]))
  }
}
