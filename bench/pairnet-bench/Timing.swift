import KernelAPI
import PairCore
import PairNN
import PairTraining

/// One measured training, ours or a framework's: a line of JSON.
struct Timing: Codable {
  var framework: String
  /// What else distinguishes it: the instruction set, or a framework's memory layout.
  var layout: String
  var model: Model
  var batchNorm: Bool
  var dropout: Double
  /// Of one core, for 30 epochs of 1,000 pairs without evaluation.
  var seconds: Double
  /// Of evaluating 1,000 test pairs after each epoch; not measured for frameworks.
  var evaluationSeconds: Double?
  /// Measured right before, by the same thread.
  var peakGFLOPS: Double?

  enum CodingKeys: String, CodingKey {
    case framework, layout, model, dropout, seconds
    case batchNorm = "batch_norm"
    case evaluationSeconds = "evaluation_seconds"
    case peakGFLOPS = "peak_gflops"
  }

  static let ours = "pairnet"

  var setting: JobSetting { JobSetting(model: model, batchNorm: batchNorm, dropout: dropout) }
}

/// Trains jobs on one thread and times them by the thread's processor time.
struct JobTimer {
  let catalog: DatasetCatalog
  let dataset: Dataset
  let effort: Effort

  init(data: String, dataset: String, effort: Effort) throws {
    catalog = DatasetCatalog(dataDirectory: data)
    self.dataset = try catalog.load(dataset)
    self.effort = effort
  }

  func time(_ setting: JobSetting, seed: Int) throws -> Timing {
    let spec = try setting.spec(seed: seed, dataset: dataset.name, epochs: effort.epochs, pairs: effort.pairs)
    let pairs = try catalog.pairs(of: dataset, for: spec)
    let peak = multiplyAddPeak(rounds: effort.peakRounds)
    var trainer = Trainer(spec: spec, data: pairs)
    let job = trainer.measured(clock: threadSeconds)
    return Timing(
      framework: Timing.ours, layout: InstructionSet.current.rawValue, model: setting.model,
      batchNorm: setting.batchNorm, dropout: setting.dropout, seconds: job.training * effort.scale,
      evaluationSeconds: job.evaluating * effort.scale, peakGFLOPS: peak)
  }

  /// Every setting once, then all again: a disturbance hits all of them alike.
  func timeAll(_ settings: [JobSetting], each: (Timing) throws -> Void) throws {
    for seed in 1...effort.repeats {
      for setting in settings { try each(try time(setting, seed: seed)) }
    }
  }
}

/// GFLOP/s of this core's multiply-adds, by the kernels in use.
func multiplyAddPeak(rounds: Int) -> Double {
  let kernels = InstructionSet.current.kernels
  // The baseline calls a library for each lane.
  let rounds = InstructionSet.current == .baseline ? max(1, rounds / 100) : rounds
  let start = threadSeconds()
  let result = kernels.multiplyAddPeak(rounds: rounds, factor: 0.5, addend: 1)
  let seconds = threadSeconds() - start
  precondition(result.check.isFinite, "chains of x/2 + 1 end near 2")
  return Double(result.operations) / seconds * 1e-9
}
