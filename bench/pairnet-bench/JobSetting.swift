import PairCore

/// A network with its regularisation, and how it is trained in a benchmark.
struct JobSetting: Hashable {
  var model: Model
  var batchNorm: Bool
  var dropout: Double

  /// The same list as in bench/frameworks.py: the report's best settings, and the cheapest and dearest without batch norm.
  static let all = [
    JobSetting(model: .baseNet, batchNorm: false, dropout: 0),
    JobSetting(model: .baseNet, batchNorm: true, dropout: 0.5),
    JobSetting(model: .baseNetAux, batchNorm: true, dropout: 0),
    JobSetting(model: .baseNetWeightShare, batchNorm: true, dropout: 0),
    JobSetting(model: .baseNetWeightShareAux, batchNorm: false, dropout: 0),
    JobSetting(model: .baseNetWeightShareAux, batchNorm: true, dropout: 0.2),
  ]

  var name: String { "\(model.rawValue)\(batchNorm ? " BN" : "") \(dropout)" }

  var description: NetworkDescription { NetworkDescription(model: model, batchNorm: batchNorm, dropout: dropout) }

  /// GFLOP of a whole job, 30 epochs of 1,000 pairs, by dense direct convolution.
  var nominalGFLOP: Double {
    let root = description.root
    return Double(root.forwardFLOPs + root.backwardFLOPs) * Double(Size.pairs * Size.epochs) * 1e-9
  }

  func spec(seed: Int, dataset: String, epochs: Int = Size.epochs, pairs: Int = Size.pairs) throws -> JobSpec {
    try JobSpec(validating: [
      "model": .text(model.rawValue), "batch_norm": .flag(batchNorm), "dropout": .number(dropout),
      "dataset": .text(dataset), "epochs": .integer(Int64(epochs)), "train_pairs": .integer(Int64(pairs)),
      "test_pairs": .integer(Int64(pairs)), "seed": .integer(Int64(seed)),
    ])
  }

  /// The report's job.
  enum Size {
    static let epochs = 30
    static let pairs = 1_000
  }
}

/// How much a run measures.
struct Effort {
  var repeats: Int
  var epochs = JobSetting.Size.epochs
  var pairs = JobSetting.Size.pairs
  /// Rounds of the peak's loop.
  var peakRounds = 1_000_000
  var profile: Duration = .seconds(1)
  /// Jobs of each thread when the cores are counted.
  var jobsPerCore = 4

  static let full = Effort(repeats: 9)
  static let quick = Effort(repeats: 3, profile: .milliseconds(300), jobsPerCore: 2)
  /// Enough to see that everything works; the figures mean nothing.
  static let smoke = Effort(
    repeats: 1, epochs: 1, pairs: 50, peakRounds: 10_000, profile: .milliseconds(1), jobsPerCore: 1)

  /// What multiplies measured seconds to make those of a whole job.
  var scale: Double { Double(JobSetting.Size.epochs * JobSetting.Size.pairs) / Double(epochs * pairs) }
}
