import PairCore
import PairNN

/// Trains one network as its spec says, on the calling thread.
///
/// The outcome is a pure function of the spec, the data and `numericsVersion`: the same bits on every instruction set,
/// alone or beside other trainings.
package struct Trainer: ~Copyable {
  /// Raised whenever the engine's bits change; part of every job's digest.
  package static let numericsVersion = 1

  private let spec: JobSpec
  private let data: PairData

  package init(spec: JobSpec, data: PairData) {
    self.spec = spec
    self.data = data
  }

  /// Trains from the first epoch to the last.
  ///
  /// - Parameters:
  ///   - shouldStop: asked at every step.
  ///   - onEpoch: called at the end of every epoch.
  package mutating func run(shouldStop: () -> Bool, onEpoch: (EpochMetrics) -> Void) -> TrainingOutcome {
    // The engine's first push has the interfaces; until the second every training ends as asked to stop.
    .stopped
  }
}
