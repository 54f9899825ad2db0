/// What whoever runs a training wants of it at a step.
package enum TrainingRequest: Hashable, Sendable {
  case goOn
  /// Hand over a checkpoint and go on.
  case save
  /// Hand over a checkpoint and return.
  case stop
}
