import PairCore

/// How a training ended.
package enum TrainingOutcome: Hashable, Sendable {
  case finished(JobResult)
  /// Somebody asked it to stop; nothing of it is kept.
  case stopped
  /// The loss was not a finite number in this epoch, counted from 1.
  case diverged(epoch: Int)
}
