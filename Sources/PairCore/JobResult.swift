/// What a finished training leaves behind: a pure function of the job's spec, its dataset and the engine's numerics.
package struct JobResult: Codable, Hashable, Sendable {
  /// Fractions in 0...1 over all train and all test pairs, of the network after the last epoch in evaluation mode.
  package var trainAccuracy: Double
  package var testAccuracy: Double
  /// Mean losses of the same passes, with the auxiliary losses where the model has them.
  package var trainLoss: Double
  package var testLoss: Double
  /// Pairs whose target is predicted wrongly.
  package var trainErrors: Int
  package var testErrors: Int
  /// Test accuracies of the digits; nil for models without auxiliary loss.
  package var digit1Accuracy: Double?
  package var digit2Accuracy: Double?
  /// SHA-256, in lower-case hexadecimal, of all parameters and running statistics (little-endian float32, in the
  /// order and layout of `Network.parameters`).
  package var weightsSHA256: String

  package init(
    trainAccuracy: Double, testAccuracy: Double, trainLoss: Double, testLoss: Double, trainErrors: Int,
    testErrors: Int, digit1Accuracy: Double? = nil, digit2Accuracy: Double? = nil, weightsSHA256: String
  ) {
    self.trainAccuracy = trainAccuracy
    self.testAccuracy = testAccuracy
    self.trainLoss = trainLoss
    self.testLoss = testLoss
    self.trainErrors = trainErrors
    self.testErrors = testErrors
    self.digit1Accuracy = digit1Accuracy
    self.digit2Accuracy = digit2Accuracy
    self.weightsSHA256 = weightsSHA256
  }

  enum CodingKeys: String, CodingKey {
    case trainAccuracy = "train_accuracy"
    case testAccuracy = "test_accuracy"
    case trainLoss = "train_loss"
    case testLoss = "test_loss"
    case trainErrors = "train_errors"
    case testErrors = "test_errors"
    case digit1Accuracy = "digit1_accuracy"
    case digit2Accuracy = "digit2_accuracy"
    case weightsSHA256 = "weights_sha256"
  }
}
