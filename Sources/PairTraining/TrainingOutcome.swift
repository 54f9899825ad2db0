import PairCore

/// How a training ended.
package enum TrainingOutcome: Hashable, Sendable {
  case finished(JobResult)
  /// Somebody asked it to stop; it can go on from the checkpoint that it has handed over, if it had begun.
  case stopped
  /// The loss was not a finite number in this epoch, counted from 1.
  case diverged(epoch: Int)
}
