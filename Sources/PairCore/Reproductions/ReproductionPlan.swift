/// How a reproduction chooses each model's setting.
package enum ReproductionProtocol: String, CaseIterable, Codable, Sendable {
  /// On the test pairs of the grid's dataset draw, as the report did.
  case report
  /// On validation pairs, so that nothing has seen a test image before the runs are tested.
  case clean

  package var evaluatesGridOn: EvaluationSplit { self == .report ? .test : .validation }
}

/// What a reproduction of the report's Table I shall do: a grid of settings on one draw of pairs, then fresh runs of the
/// best setting of each model.
package struct ReproductionPlan: Hashable, Sendable {
  /// The report's candidates (section V).
  package static let dropouts = [0, 0.1, 0.2, 0.5, 0.8]
  /// A standard deviation needs two runs.
  package static let runsAllowed: ClosedRange<Int64> = 2...1_000

  package let `protocol`: ReproductionProtocol
  package let dataset: String
  /// Fresh runs of each model.
  package let runs: Int
  /// The grid's seed; the runs have those that follow.
  package let seed: Int64
  package let epochs: Int
  package let trainPairs: Int
  package let testPairs: Int

  /// - Throws: `SpecError` naming the value that is not allowed.
  package init(
    protocol: ReproductionProtocol = .report, dataset: String = "mnist", runs: Int64 = 10, seed: Int64 = 1,
    epochs: Int64? = nil, trainPairs: Int64? = nil, testPairs: Int64? = nil
  ) throws(SpecError) {
    guard Self.runsAllowed.contains(runs) else {
      throw SpecError(
        key: "runs", value: String(runs),
        allowed: "give an integer from \(Self.runsAllowed.lowerBound) to \(Self.runsAllowed.upperBound)")
    }
    guard seed <= Int64.max - runs else {
      throw SpecError(
        key: Parameter.seed.key, value: String(seed),
        allowed: "\(runs) seeds follow it: give at most \(Int64.max - runs)", isUnfit: true)
    }
    var values: [String: ParameterValue] = [
      Parameter.dataset.key: .text(dataset), Parameter.seed.key: .integer(seed), Parameter.batchNorm.key: .flag(true),
    ]
    values[Parameter.epochs.key] = epochs.map(ParameterValue.integer)
    values[Parameter.trainPairs.key] = trainPairs.map(ParameterValue.integer)
    values[Parameter.testPairs.key] = testPairs.map(ParameterValue.integer)
    let spec = try JobSpec(validating: values)
    self.protocol = `protocol`
    self.dataset = spec.dataset
    self.runs = Int(runs)
    self.seed = spec.seed
    self.epochs = spec.epochs
    self.trainPairs = spec.trainPairs
    self.testPairs = spec.testPairs
  }

  /// Whether dataset, pairs and epochs are the report's; the images of its own draws are not known.
  package var isReports: Bool { dataset == "mnist" && trainPairs == 1_000 && testPairs == 1_000 && epochs == 30 }

  /// The grid's 40 jobs: models outermost, then batch norm off and on, then dropout.
  package var grid: [JobSpec] {
    Model.allCases.flatMap { model in
      [false, true].flatMap { batchNorm in
        Self.dropouts.map { dropout in
          spec(Setting(model: model, batchNorm: batchNorm, dropout: dropout), seed, on: `protocol`.evaluatesGridOn)
        }
      }
    }
  }

  /// The fresh runs of each setting, tested on test images under both protocols.
  package func freshRuns(of settings: [Setting]) -> [JobSpec] {
    settings.flatMap { setting in (1...Int64(runs)).map { spec(setting, seed + $0, on: .test) } }
  }

  private func spec(_ setting: Setting, _ seed: Int64, on split: EvaluationSplit) -> JobSpec {
    do {
      return try JobSpec(validating: [
        "model": .text(setting.model.rawValue), "batch_norm": .flag(setting.batchNorm),
        "dropout": .number(setting.dropout), "dataset": .text(dataset), "train_pairs": .integer(Int64(trainPairs)),
        "test_pairs": .integer(Int64(testPairs)), "evaluate_on": .text(split.rawValue),
        "epochs": .integer(Int64(epochs)), "seed": .integer(seed),
      ])
    } catch {
      preconditionFailure("the plan was checked with batch norm, which asks for most: \(error)")
    }
  }
}

/// What a reproduction chooses for a model.
package struct Setting: Codable, Hashable, Sendable {
  package var model: Model
  package var batchNorm: Bool
  package var dropout: Double

  package init(model: Model, batchNorm: Bool, dropout: Double) {
    self.model = model
    self.batchNorm = batchNorm
    self.dropout = dropout
  }

  package init(of spec: JobSpec) {
    self.init(model: spec.model, batchNorm: spec.batchNorm, dropout: spec.dropout)
  }

  enum CodingKeys: String, CodingKey {
    case model, dropout
    case batchNorm = "batch_norm"
  }
}
