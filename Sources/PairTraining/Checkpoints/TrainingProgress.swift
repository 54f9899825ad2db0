/// Where in its run a training stands.
///
/// With the parameters and the running statistics this is all that training changes. The order of the pairs is a pure
/// function of the seed and the epoch, the dropped units of the seed and the step, and plain SGD keeps nothing.
package struct TrainingProgress: Hashable, Sendable {
  /// Epochs done, evaluation included.
  package var epochs = 0
  /// Steps done of the epoch under way. All of them, if what remains of the epoch is its evaluation.
  package var steps = 0
  /// The sum of the losses of these steps, in their order.
  package var losses = 0.0

  package init(epochs: Int = 0, steps: Int = 0, losses: Double = 0) {
    self.epochs = epochs
    self.steps = steps
    self.losses = losses
  }

  /// Whether any step has been done.
  package var hasBegun: Bool { epochs > 0 || steps > 0 }
}
