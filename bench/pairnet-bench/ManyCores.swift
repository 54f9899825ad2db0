import Dispatch
import PairCore
import PairTraining
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Jobs on several threads, as the daemon's workers run them.
struct ManyCores: Codable {
  var threads: Int
  var jobs: Int
  var wallSeconds: Double
  /// Processor time of all threads.
  var cpuSeconds: Double

  var jobsPerSecond: Double { Double(jobs) / wallSeconds }
  /// How much of its threads' time the machine gave to them: less than 1 where others wanted it too.
  var utilisation: Double { cpuSeconds / wallSeconds / Double(threads) }

  enum CodingKeys: String, CodingKey {
    case threads, jobs
    case wallSeconds = "wall_seconds"
    case cpuSeconds = "cpu_seconds"
  }

  /// Trains the specs in their order with evaluation after each epoch; each free thread takes the next one.
  static func train(_ specs: [JobSpec], on threads: Int, _ timer: JobTimer) throws -> ManyCores {
    let next = Atomic(0)
    let cpu = Mutex(0.0)
    let failure = Mutex<(any Error)?>(nil)
    let clock = ContinuousClock()
    let wall = clock.measure {
      DispatchQueue.concurrentPerform(iterations: threads) { _ in
        let start = threadSeconds()
        while true {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < specs.count else { break }
          do {
            var trainer = Trainer(
              spec: specs[index], data: try timer.catalog.pairs(of: timer.dataset, for: specs[index]))
            _ = trainer.run(ask: { .goOn }, onEpoch: { _ in })
          } catch {
            failure.withLock { $0 = error }
          }
        }
        cpu.withLock { $0 += threadSeconds() - start }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return ManyCores(
      threads: threads, jobs: specs.count, wallSeconds: wall / .seconds(1), cpuSeconds: cpu.withLock { $0 })
  }

  /// The same jobs on 1 to all cores.
  static func scaling(_ timer: JobTimer) throws -> [ManyCores] {
    let setting = JobSetting(model: .baseNetWeightShareAux, batchNorm: true, dropout: 0.2)
    let cores = ProcessInfo.processInfo.activeProcessorCount
    return try (1...cores).map { threads in
      let specs = try (1...timer.effort.jobsPerCore * threads).map { seed in
        try setting.spec(
          seed: seed, dataset: timer.dataset.name, epochs: timer.effort.epochs, pairs: timer.effort.pairs)
      }
      return try train(specs, on: threads, timer)
    }
  }

  /// The report's jobs on two threads: 40 cells of its grid on one seed, and 10 seeds of the best cell of each model.
  static func report(_ timer: JobTimer) throws -> ManyCores {
    var specs: [JobSpec] = []
    func append(_ setting: JobSetting, seed: Int) throws {
      specs.append(
        try setting.spec(
          seed: seed, dataset: timer.dataset.name, epochs: timer.effort.epochs, pairs: timer.effort.pairs))
    }
    for model in Model.allCases {
      for batchNorm in [false, true] {
        for dropout in [0, 0.1, 0.2, 0.5, 0.8] {
          try append(JobSetting(model: model, batchNorm: batchNorm, dropout: dropout), seed: 1)
        }
      }
    }
    let best: [(Model, Double)] = [
      (.baseNet, 0.5), (.baseNetAux, 0), (.baseNetWeightShare, 0), (.baseNetWeightShareAux, 0.2),
    ]
    for (model, dropout) in best {
      for seed in 1...10 { try append(JobSetting(model: model, batchNorm: true, dropout: dropout), seed: seed) }
    }
    return try train(specs, on: 2, timer)
  }
}
