import Testing

@testable import PairCore

@Suite("A job's spec")
struct JobSpecTests {
  @Test("Without values every parameter has the report's default")
  func defaults() throws {
    let spec = try JobSpec()
    #expect(spec.model == .baseNet)
    #expect(spec.batchNorm == false && spec.dropout == 0)
    #expect(spec.dataset == "mnist")
    #expect(spec.trainPairs == 1_000 && spec.testPairs == 1_000)
    #expect(spec.epochs == 30 && spec.batchSize == 25 && spec.learningRate == 0.1)
    #expect(!spec.shuffle && spec.seed == 1)
  }

  @Test("The canonical form is frozen, because digests depend on it")
  func canonical() throws {
    let spec = try JobSpec(validating: ["dropout": .integer(0), "batch_norm": .flag(true), "seed": .integer(7)])
    #expect(
      spec.canonical
        == #"{"batch_norm":true,"batch_size":25,"dataset":"mnist","dropout":0.0,"epochs":30,"evaluate_on":"test","#
        + #""learning_rate":0.1,"model":"BaseNet","seed":7,"shuffle":false,"test_pairs":1000,"train_pairs":1000}"#)
    // printf 'pairnet job 1\n%s\n%s\n%s\n' "$canonical" abc 1 | sha256sum
    #expect(
      spec.digest(datasetDigest: "abc", numericsVersion: 1)
        == "466e5b2be8481131b8c09a7ffa27fd78f6d0a963bd235240ed1a41284a39774f")
  }

  @Test("The digest moves with every parameter, the dataset's digest and the numerics version")
  func digestCoversAll() throws {
    let base = try JobSpec()
    let others: [String: ParameterValue] = [
      "model": .text("BaseNetAux"), "batch_norm": .flag(true), "dropout": .number(0.5), "dataset": .text("synthetic"),
      "train_pairs": .integer(500), "test_pairs": .integer(500), "epochs": .integer(2), "batch_size": .integer(50),
      "learning_rate": .number(0.01), "evaluate_on": .text("validation"), "shuffle": .flag(true), "seed": .integer(2),
    ]
    #expect(Set(others.keys) == Set(Parameter.all.map(\.key)))
    var digests: Set<String> = [
      base.digest(datasetDigest: "a", numericsVersion: 1), base.digest(datasetDigest: "b", numericsVersion: 1),
      base.digest(datasetDigest: "a", numericsVersion: 2),
    ]
    for (key, value) in others {
      digests.insert(try JobSpec(validating: [key: value]).digest(datasetDigest: "a", numericsVersion: 1))
    }
    #expect(digests.count == 3 + others.count)
  }

  @Test(
    "A value that is not allowed is refused with its key, itself and what is allowed",
    arguments: [
      ("dropout", ParameterValue.number(1), "dropout: '1.0' is not allowed; give a number in [0, 1)"),
      ("dropout", .number(.nan), "dropout: 'nan' is not allowed; give a number in [0, 1)"),
      ("dropout", .text("half"), "dropout: 'half' is not allowed; give a number in [0, 1)"),
      ("epochs", .integer(0), "epochs: '0' is not allowed; give an integer from 1 to 10000"),
      ("epochs", .number(1.5), "epochs: '1.5' is not allowed; give an integer from 1 to 10000"),
      ("learning_rate", .integer(0), "learning_rate: '0.0' is not allowed; give a number in (0, 100]"),
      ("batch_norm", .integer(1), "batch_norm: '1' is not allowed; give true or false"),
      (
        "model", .text("LeNet"),
        "model: 'LeNet' is not allowed; give one of BaseNet, BaseNetAux, BaseNetWeightShare, BaseNetWeightShareAux"
      ),
      (
        "dataset", .text("../etc"),
        "dataset: '../etc' is not allowed; give a dataset's name: lower-case letters, digits, '-', '_' and '.', at most 64"
      ),
      (
        "droput", .number(0),
        "droput: '0.0' is not allowed; the parameters are model, batch_norm, dropout, dataset, train_pairs, test_pairs, "
          + "evaluate_on, epochs, batch_size, learning_rate, shuffle, seed (did you mean dropout?)"
      ),
      ("batch_size", .integer(1_024), "batch_size: '1024' is not allowed; give at most train_pairs, which is 1000"),
    ])
  func refusals(key: String, value: ParameterValue, message: String) {
    let error = #expect(throws: SpecError.self) { try JobSpec(validating: [key: value]) }
    #expect(error?.description == message)
  }

  @Test("Batch norm refuses a batch of one pair", arguments: [(25, 1), (26, 25), (1_000, 999), (1, 1)])
  func batchOfOne(trainPairs: Int64, batchSize: Int64) throws {
    var values: [String: ParameterValue] = ["train_pairs": .integer(trainPairs), "batch_size": .integer(batchSize)]
    _ = try JobSpec(validating: values)
    values["batch_norm"] = .flag(true)
    let error = #expect(throws: SpecError.self) { try JobSpec(validating: values) }
    #expect(error?.key == "batch_size")
  }
}

@Suite("A grid")
struct GridTests {
  @Test("The report's grid has a cell for every combination, the model slowest and the seed fastest")
  func reportGrid() throws {
    let grid = try Grid(validating: [
      "model": Parameter.model.values(listedIn: "all"), "batch_norm": Parameter.batchNorm.values(listedIn: "both"),
      "dropout": Parameter.dropout.values(listedIn: "0,0.1,0.2,0.5,0.8"),
      "seed": Parameter.seed.values(listedIn: "1-10"),
    ])
    #expect(grid.count == 400)
    let cells = try grid.cells()
    #expect(Set(cells).count == 400)
    #expect(cells[0].model == .baseNet && cells[399].model == .baseNetWeightShareAux)
    #expect(cells[..<10].map(\.seed) == Array(1...10))
    #expect(cells[10].dropout == 0.1 && cells[10].seed == 1)
  }

  @Test("A value listed twice, an empty list and too many cells are refused")
  func refusals() {
    #expect(throws: SpecError(key: "dropout", value: "0.0", allowed: "list each value once")) {
      try Grid(validating: ["dropout": [.integer(0), .number(0)]])
    }
    #expect(throws: SpecError(key: "seed", value: "", allowed: "list at least one value")) {
      try Grid(validating: ["seed": []])
    }
    let many = (1...1_001).map { ParameterValue.integer($0) }
    let error = #expect(throws: SpecError.self) { try Grid(validating: ["epochs": many, "seed": many]) }
    #expect(error?.allowed == "a grid has at most 1000000 cells")
  }
}

@Suite("A list of values on the command line")
struct ValueListTests {
  @Test(
    "Lists and ranges are read as a person means them",
    arguments: [
      (Parameter.seed, "1-3", [ParameterValue.integer(1), .integer(2), .integer(3)]),
      (.seed, "1-9:4", [.integer(1), .integer(5), .integer(9)]),
      (.seed, "5", [.integer(5)]),
      (.seed, "1-2,7", [.integer(1), .integer(2), .integer(7)]),
      (.dropout, "0, 0.5", [.number(0), .number(0.5)]),
      (.dropout, "0-0.8:0.2", [.number(0), .number(0.2), .number(0.4), .number(0.6), .number(0.8)]),
      (.learningRate, "1e-3,0.1", [.number(0.001), .number(0.1)]),
      (.learningRate, "1e-3-2e-3:1e-3", [.number(0.001), .number(0.002)]),
      (.batchNorm, "both", [.flag(false), .flag(true)]),
      (.batchNorm, "yes", [.flag(true)]),
      (.model, "basenetaux", [.text("BaseNetAux")]),
      (.dataset, "mnist,synthetic", [.text("mnist"), .text("synthetic")]),
    ])
  func reads(parameter: Parameter, text: String, values: [ParameterValue]) throws {
    #expect(try parameter.values(listedIn: text) == values)
  }

  @Test(
    "What cannot be read is refused with the part that is wrong",
    arguments: [
      (Parameter.seed, "1-", "1-"), (.seed, "3-1", "3-1"), (.seed, "", ""), (.seed, "1,,2", ""), (.seed, "-1", "-1"),
      (.seed, "1-3:0", "1-3:0"), (.seed, "0-9223372036854775807", "0-9223372036854775807"),
      (.dropout, "0-0.8", "0-0.8"),
      (.dropout, "0.5-1:0.5", "1.0"), (.dropout, "x", "x"), (.dropout, "inf", "inf"), (.batchNorm, "maybe", "maybe"),
      (.model, "ResNet", "ResNet"), (.dataset, "a b", "a b"),
    ])
  func refuses(parameter: Parameter, text: String, part: String) {
    let error = #expect(throws: SpecError.self) { try parameter.values(listedIn: text) }
    #expect(error?.key == parameter.key)
    #expect(error?.value == part)
  }
}

@Suite("A job's state")
struct JobStateTests {
  @Test("Nothing happens to a job that ended but that it is retried, unless it succeeded")
  func terminal() {
    for state in JobState.allCases where state.isTerminal {
      for event in JobState.Event.allCases {
        #expect(state.after(event) == (event == .retry && state != .succeeded ? .queued : nil))
      }
    }
  }

  @Test("Only what has not ended can be cancelled, and only what waits or runs can be paused")
  func control() {
    for state in JobState.allCases {
      #expect(state.after(.cancel) == (state.isTerminal ? nil : .cancelled))
      #expect(state.after(.pause) == (state == .queued || state == .running ? .paused : nil))
      #expect(state.after(.resume) == (state == .paused ? .queued : nil))
      #expect(state.after(.reuse) == (state == .queued ? .succeeded : nil))
      #expect(state.after(.claim) == (state == .queued ? .running : nil))
    }
  }

  @Test("Every state is reached from queued, and only running jobs end by themselves")
  func reachable() {
    var reached: Set<JobState> = [.queued]
    for _ in JobState.allCases {
      for state in reached { reached.formUnion(JobState.Event.allCases.compactMap(state.after)) }
    }
    #expect(reached == Set(JobState.allCases))
    #expect(JobState.queued.after(.finish) == nil && JobState.queued.after(.fail) == nil)
    #expect(JobState.running.after(.claim) == nil)
    #expect(JobState.running.after(.requeue) == .queued)
  }
}
