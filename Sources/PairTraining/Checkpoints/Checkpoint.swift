import PairCore

/// Everything that a training changes: one that goes on from here ends in the bits of one that was never interrupted.
///
/// It says which network it is of, so that it cannot be loaded into another one. Which spec and which data it belongs to
/// is for the keeper to remember.
package struct Checkpoint: Hashable, Sendable {
  package let model: Model
  package let batchNorm: Bool
  /// Of the engine that made it; another one would go on differently.
  package let numericsVersion: Int
  package let progress: TrainingProgress
  /// All parameters, then all running statistics, in canonical order and layout.
  package let numbers: [Float]

  package init(model: Model, batchNorm: Bool, numericsVersion: Int, progress: TrainingProgress, numbers: [Float]) {
    self.model = model
    self.batchNorm = batchNorm
    self.numericsVersion = numericsVersion
    self.progress = progress
    self.numbers = numbers
  }
}

/// Why bytes are no checkpoint, or none from which this training could go on.
package struct CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A sentence's end, as in "the checkpoint …".
  package var reason: String
  package var description: String { "the checkpoint \(reason)" }

  package init(reason: String) { self.reason = reason }
}
