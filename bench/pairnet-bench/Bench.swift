import ArgumentParser
import KernelAPI
import PairCore
import PairNN
import PairTraining

/// Seconds of one core that a job takes, and where they go.
@main struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pairnet-bench", abstract: "Measure a training's seconds of one core.")

  @Option(help: "Where the datasets lie.") var data = "/var/lib/pairnet/data"
  @Option(help: "The dataset.") var dataset = "synthetic"
  @Option(help: "Trainings a setting.") var repeats = 5
  @Option(help: "Epochs a training.") var epochs = 30
  @Option(help: "Only settings whose name contains this.") var only = ""
  @Flag(help: "Show where the time goes, kernel by kernel.") var profile = false

  struct Setting {
    var model: Model
    var batchNorm: Bool
    var dropout: Double
    var name: String { "\(model.rawValue)\(batchNorm ? " BN" : "") \(dropout)" }
  }
  static let settings = [
    Setting(model: .baseNet, batchNorm: false, dropout: 0), Setting(model: .baseNet, batchNorm: true, dropout: 0.5),
    Setting(model: .baseNetAux, batchNorm: true, dropout: 0),
    Setting(model: .baseNetWeightShare, batchNorm: true, dropout: 0),
    Setting(model: .baseNetWeightShareAux, batchNorm: false, dropout: 0),
    Setting(model: .baseNetWeightShareAux, batchNorm: true, dropout: 0.2),
  ]

  func run() throws {
    _ = try InstructionSet.chosen()
    print("\(InstructionSet.current.rawValue), \(dataset), \(epochs) epochs of 1000 pairs, batch 25")
    print("setting                               train s: median    min   evaluation   test accuracy")
    for setting in Self.settings where setting.name.contains(only) {
      var spec = try makeSpec(setting, seed: 1)
      let catalog = DatasetCatalog(dataDirectory: data)
      let pairs = try catalog.pairs(of: catalog.load(dataset), for: spec)
      var training: [Double] = []
      var evaluating: [Double] = []
      var accuracy = 0.0
      for seed in 1...repeats {
        spec = try makeSpec(setting, seed: seed)
        let job = measure(spec, pairs, InstructionSet.current.kernels)
        training.append(job.training)
        evaluating.append(job.evaluating / job.training)
        accuracy += job.accuracy / Double(repeats)
      }
      print(
        setting.name.padded(36), training.median.rounded(3).padded(16), training.min()!.rounded(3).padded(10),
        "\((100 * evaluating.median).rounded(1)) %".padded(12), accuracy.rounded(4))
      guard profile else { continue }
      ProfiledKernels.seconds = [:]
      let job = measure(spec, pairs, ProfiledKernels.self)
      showProfile(total: job.training + job.evaluating, steps: 40 * epochs)
    }
  }

  private func showProfile(total: Double, steps: Int) {
    let microseconds = 1e6 / Double(steps)
    for (name, seconds) in ProfiledKernels.seconds.sorted(by: { $0.value > $1.value }) {
      print("  ", name.padded(34), (seconds * microseconds).rounded(1).padded(8), "us a step")
    }
    let rest = total - ProfiledKernels.seconds.values.reduce(0, +)
    print("  ", "the rest and the stopwatch".padded(34), (rest * microseconds).rounded(1).padded(8), "us a step")
  }

  private func makeSpec(_ setting: Setting, seed: Int) throws -> JobSpec {
    try JobSpec(validating: [
      "model": .text(setting.model.rawValue), "batch_norm": .flag(setting.batchNorm),
      "dropout": .number(setting.dropout), "dataset": .text(dataset), "epochs": .integer(Int64(epochs)),
      "seed": .integer(Int64(seed)),
    ])
  }

  private func measure(
    _ spec: JobSpec, _ pairs: PairData, _ kernels: any KernelSet.Type
  ) -> (training: Double, evaluating: Double, accuracy: Double) {
    let trainer = Trainer(spec: spec, train: pairs.train, test: pairs.test, kernels: kernels)
    return trainer.measured(clock: threadSeconds)
  }
}

extension Double {
  fileprivate func rounded(_ places: Int) -> String {
    var power = 1.0
    for _ in 0..<places { power *= 10 }
    return String((self * power).rounded() / power)
  }
}

extension String {
  fileprivate func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
