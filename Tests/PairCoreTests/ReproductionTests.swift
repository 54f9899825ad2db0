import PairCore
import Testing

@Suite struct ReproductionTests {
  /// The plan's grid as jobs that have all succeeded, with that accuracy of each spec.
  static func jobs(_ specs: [JobSpec], _ accuracy: (JobSpec) -> Double) -> [JobRecord] {
    specs.enumerated().map { index, spec in
      JobRecord(
        id: Int64(index + 1), study: 1, spec: spec, specDigest: "", state: .succeeded, attempts: 1,
        epochsDone: spec.epochs, worker: nil, submittedAt: "", startedAt: "", finishedAt: "", durationSeconds: 1,
        reason: nil,
        result: JobResult(
          trainAccuracy: 1, testAccuracy: accuracy(spec), trainLoss: 0, testLoss: 0, trainErrors: 0, testErrors: 0,
          weightsSHA256: ""))
    }
  }

  @Test("The grid is 40 settings on one draw; the runs are the choices on the seeds that follow, on test images")
  func plan() throws {
    for kind in ReproductionProtocol.allCases {
      let plan = try ReproductionPlan(protocol: kind, runs: 10, seed: 7)
      #expect(plan.isReports)
      let grid = plan.grid
      #expect(grid.count == 40 && Set(grid).count == 40)
      #expect(Set(grid.map(\.seed)) == [7])
      #expect(Set(grid.map(\.evaluateOn)) == [kind == .report ? .test : .validation])
      #expect(Set(grid.map { Setting(of: $0) }).count == 40)
      let runs = plan.freshRuns(of: [Setting(model: .baseNetAux, batchNorm: true, dropout: 0.5)])
      #expect(runs.map(\.seed) == Array(8...17))
      #expect(
        runs.allSatisfy { $0.evaluateOn == .test && $0.dropout == 0.5 && $0.batchNorm && $0.model == .baseNetAux })
    }
  }

  @Test("A plan that cannot be carried out is refused by its key")
  func refusals() {
    func key(_ make: () throws -> ReproductionPlan) -> String? {
      do { _ = try make() } catch { return (error as? SpecError)?.key }
      return nil
    }
    #expect(key { try ReproductionPlan(runs: 1) } == "runs")
    #expect(key { try ReproductionPlan(runs: 1_001) } == "runs")
    #expect(key { try ReproductionPlan(seed: .max) } == "seed")
    #expect(key { try ReproductionPlan(seed: -1) } == "seed")
    #expect(key { try ReproductionPlan(dataset: "../x") } == "dataset")
    #expect(key { try ReproductionPlan(epochs: 0) } == "epochs")
    #expect(key { try ReproductionPlan(trainPairs: 10) } == "batch_size")
    #expect(key { try ReproductionPlan(trainPairs: 26) } == "batch_size")
  }

  @Test("The best cell of each model is chosen, the first of equals")
  func choice() throws {
    let grid = Self.jobs(try ReproductionPlan().grid) { spec in
      switch spec.model {
      case .baseNet: spec.batchNorm && spec.dropout == 0.5 ? 0.9 : 0.8
      case .baseNetAux: spec.dropout == 0.8 ? 0.9 : 0.8
      default: 0.7
      }
    }
    guard case .submitRuns(let choices) = ReproductionStep(grid: grid, runs: nil) else {
      Issue.record("the runs are to be submitted")
      return
    }
    #expect(
      choices.map(\.setting) == [
        Setting(model: .baseNet, batchNorm: true, dropout: 0.5),
        Setting(model: .baseNetAux, batchNorm: false, dropout: 0.8),
        Setting(model: .baseNetWeightShare, batchNorm: false, dropout: 0),
        Setting(model: .baseNetWeightShareAux, batchNorm: false, dropout: 0),
      ])
    #expect(choices.map(\.ties) == [0, 1, 9, 9])
    #expect(choices.map(\.accuracy) == [0.9, 0.9, 0.7, 0.7])
    #expect(choices.map(\.job) == [9, 15, 21, 31])
  }

  @Test("The next step follows from the jobs' states alone", arguments: JobState.allCases)
  func step(state: JobState) throws {
    var grid = Self.jobs(try ReproductionPlan().grid) { $0.dropout }
    // The best cell of BaseNet.
    grid[4].state = state
    grid[4].reason = "why"
    if state != .succeeded { grid[4].result = nil }
    let step = ReproductionStep(grid: grid, runs: nil)
    switch (state, step) {
    case (.queued, .awaitGrid(let left)), (.running, .awaitGrid(let left)), (.paused, .awaitGrid(let left)):
      #expect(left == 1)
    case (.succeeded, .submitRuns(let choices)): #expect(choices[0].job == 5)
    case (.diverged, .submitRuns(let choices)): #expect(choices[0].job == 10)
    case (.failed, .stuck(let reason)), (.cancelled, .stuck(let reason)):
      #expect(reason == "job 5 of the grid \(state.rawValue): why")
    default: Issue.record("\(state) leads to \(step)")
    }

    var runs = Self.jobs(try ReproductionPlan().freshRuns(of: [Setting(of: grid[0].spec)])) { $0.dropout }
    runs[3].state = state
    #expect(ReproductionStep(grid: grid, runs: runs) == (state.isTerminal ? .done : .awaitRuns(left: 1)))
  }

  @Test("A model whose settings all diverged leaves nothing to choose")
  func allDiverged() throws {
    var grid = Self.jobs(try ReproductionPlan().grid) { $0.dropout }
    for index in 10..<20 {
      grid[index].state = .diverged
      grid[index].result = nil
    }
    #expect(ReproductionStep(grid: grid, runs: nil) == .stuck("every setting of BaseNetAux diverged"))
  }
}
