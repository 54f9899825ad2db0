import PairCore
import PairStore
import StoreTesting
import Testing

@Suite("Runs and curves of settings") struct SettingTests {
  let directory: TemporaryDirectory
  let store: Store

  init() throws {
    directory = try TemporaryDirectory()
    store = try directory.open()
  }

  @Test("The runs of a setting are known by seed, and what is missing is counted")
  func runs() throws {
    try store.submit(test: specs(seeds: 1...4))
    for accuracy in [0.5, 0.75, 1.0] { try store.run(testAccuracy: accuracy) }
    try store.submit(test: specs(seeds: 1...1))
    try store.run()
    try store.run(testAccuracy: 0.5)
    let runs = try store.runs(ofSetting: JobFilter(study: 1), named: "A", metric: .testAccuracy)
    #expect(runs.values == [1: 0.5, 2: 0.75, 3: 1, 4: 0.5] && runs.jobs == [1, 2, 3, 4] && runs.others.isEmpty)
    #expect(runs.parameters["seed"] == nil && runs.parameters["model"] == .text("BaseNet"))
    let both = try store.runs(ofSetting: JobFilter(), named: "A", metric: .testAccuracy)
    #expect(both.values == runs.values && both.others == ["repeated": 1])
  }

  @Test("A filter that matches several settings is refused with what differs between them")
  func severalSettings() throws {
    try store.submit(test: specs(seeds: 1...2, ["dropout": .number(0.5)]))
    try store.submit(test: specs(seeds: 1...2, ["batch_norm": .flag(true)]))
    for _ in 1...4 { try store.run() }
    let error = try #require(throws: StoreError.self) {
      try store.runs(ofSetting: JobFilter(), named: "model=BaseNet", metric: .testAccuracy)
    }
    #expect(
      error
        == .refused(
          SpecError(
            key: "setting", value: "model=BaseNet",
            allowed: "it matches several settings, which differ in batch_norm (no, yes), dropout (0, 0.5); "
              + "name one of each", isUnfit: true)))
  }

  @Test("A filter without a value is refused with what became of its jobs")
  func nothing() throws {
    try store.submit(test: specs(seeds: 1...2))
    try store.run()
    func refusal(_ filter: JobFilter, _ metric: Metric) throws -> String? {
      let error = try #require(throws: StoreError.self) {
        try store.runs(ofSetting: filter, named: "A", metric: metric)
      }
      if case .refused(let error) = error { return error.allowed }
      return nil
    }
    #expect(try refusal(JobFilter(study: 9), .testAccuracy) == "it matches no job")
    #expect(
      try refusal(JobFilter(), .digit1Accuracy)
        == "it matches no value of digit1_accuracy: 1 queued, 1 without digit1_accuracy")
  }

  @Test("A curve has mean and spread of each epoch over the seeds")
  func curves() throws {
    let values = [[0.5, 0.7], [0.6, 0.9]]
    try store.submit(test: specs(seeds: 1...3))
    for accuracies in values {
      let job = try #require(try store.claim(by: 1))
      try store.append(
        accuracies.enumerated().map { EpochMetrics(epoch: $0 + 1, trainLoss: 1, testAccuracy: $1) }, to: job.attempt)
      try store.finish(job.attempt, with: .succeeded(JobResult(testAccuracy: 0.5)), after: .zero)
    }
    let table = try store.curves(metric: .testAccuracy)
    #expect(table.by == ["model"])
    let curve = try #require(table.curves.first)
    #expect(table.curves.count == 1 && curve.runs == 2 && curve.others == ["queued": 1])
    #expect(curve.epochs.map(\.epoch) == [1, 2] && curve.epochs.map(\.n) == [2, 2])
    for (epoch, (mean, spread)) in zip(curve.epochs, [(0.55, 0.005.squareRoot()), (0.8, 0.02.squareRoot())]) {
      #expect(abs(epoch.mean - mean) < 1e-12)
      #expect(abs(try #require(epoch.standardDeviation) - spread) < 1e-12)
    }
    #expect(try store.curves(metric: .digit1Accuracy).curves.first?.others == ["succeeded": 2, "queued": 1])
  }

  @Test("Too many curves are refused")
  func tooManyCurves() throws {
    try store.submit(test: specs(seeds: 1...3))
    #expect(try store.curves(by: [.seed], curvesMax: 3).curves.count == 3)
    #expect(throws: StoreError.self) { try store.curves(by: [.seed], curvesMax: 2) }
  }

  @Test("An aggregate carries single values where they are asked for")
  func values() throws {
    try store.submit(test: specs(seeds: 1...2))
    for accuracy in [0.5, 0.75] { try store.run(testAccuracy: accuracy) }
    #expect(try store.aggregate(values: true).rows.first?.values == [0.5, 0.75])
    #expect(try store.aggregate().rows.first?.values == nil)
  }
}
