/// What one epoch of training measured.
package struct EpochMetrics: Codable, Hashable, Sendable {
  /// Counted from 1.
  package var epoch: Int
  /// Mean over the epoch's batches of the training loss, with the auxiliary losses where the model has them.
  package var trainLoss: Double
  /// Fraction in 0...1 of the test pairs whose target is predicted.
  package var testAccuracy: Double
  /// Fraction of the test pairs whose first digit is predicted; nil for models without auxiliary loss.
  package var digit1Accuracy: Double?
  /// The same of the second digit.
  package var digit2Accuracy: Double?

  package init(
    epoch: Int, trainLoss: Double, testAccuracy: Double, digit1Accuracy: Double? = nil, digit2Accuracy: Double? = nil
  ) {
    self.epoch = epoch
    self.trainLoss = trainLoss
    self.testAccuracy = testAccuracy
    self.digit1Accuracy = digit1Accuracy
    self.digit2Accuracy = digit2Accuracy
  }

  enum CodingKeys: String, CodingKey {
    case epoch
    case trainLoss = "train_loss"
    case testAccuracy = "test_accuracy"
    case digit1Accuracy = "digit1_accuracy"
    case digit2Accuracy = "digit2_accuracy"
  }
}
