import PairCore
import PairNN
import PairTraining

/// Jobs so small that the baseline kernels, which may be a hundred times slower, train them in no time.
enum SmallJobs {
  /// Random strokes, the same for all tests; nothing of it changes when the generator of synthetic digits does.
  static let dataset = Dataset(name: "strokes", train: strokes(120, seed: 1), test: strokes(120, seed: 2))

  private static func strokes(_ count: Int, seed: Int64) -> LabelledImages {
    var stream = RandomStream(seed: seed, purpose: .demonstration)
    let side = LabelledImages.side
    var images = [UInt8](repeating: 0, count: count * side * side)
    var labels: [UInt8] = []
    for image in 0..<count {
      let label = UInt8(stream.below(10))
      labels.append(label)
      // A bright bar whose row is the digit's, and some noise: enough to learn from.
      for x in 4..<24 { images[(image * side + 4 + 2 * Int(label)) * side + x] = UInt8(128 + stream.below(128)) }
      for _ in 0..<20 {
        images[image * side * side + Int(stream.below(UInt32(side * side)))] = UInt8(stream.below(256))
      }
    }
    return LabelledImages(images: images, labels: labels)
  }

  static func spec(
    _ model: Model, batchNorm: Bool, dropout: Double = 0, trainPairs: Int = 16, testPairs: Int = 7, batchSize: Int = 6,
    epochs: Int = 2, learningRate: Double = 0.1, shuffle: Bool = true
  ) -> JobSpec {
    do {
      return try JobSpec(validating: [
        "model": .text(model.rawValue), "batch_norm": .flag(batchNorm), "dropout": .number(dropout),
        "train_pairs": .integer(Int64(trainPairs)), "test_pairs": .integer(Int64(testPairs)),
        "batch_size": .integer(Int64(batchSize)), "epochs": .integer(Int64(epochs)),
        "learning_rate": .number(learningRate), "shuffle": .flag(shuffle), "seed": .integer(11),
      ])
    } catch {
      fatalError("\(error)")
    }
  }

  static func data(_ spec: JobSpec) throws -> PairData { try PairData(dataset: dataset, spec: spec) }

  static func run(_ spec: JobSpec, on set: InstructionSet = .current) throws -> (TrainingOutcome, [EpochMetrics]) {
    var trainer = try Trainer(spec: spec, data: data(spec), instructionSet: set)
    var epochs: [EpochMetrics] = []
    let outcome = trainer.run(ask: { .goOn }, onEpoch: { epochs.append($0) })
    return (outcome, epochs)
  }

  static func result(_ spec: JobSpec, on set: InstructionSet = .current) throws -> JobResult? {
    guard case .finished(let result) = try run(spec, on: set).0 else { return nil }
    return result
  }
}
