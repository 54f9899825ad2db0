/// A figure of a result that tables can be made of; its name is the column's in `results`.
package enum Metric: String, CaseIterable, Sendable {
  case testAccuracy = "test_accuracy"
  case trainAccuracy = "train_accuracy"
  case testLoss = "test_loss"
  case trainLoss = "train_loss"
  case testErrors = "test_errors"
  case trainErrors = "train_errors"
  case digit1Accuracy = "digit1_accuracy"
  case digit2Accuracy = "digit2_accuracy"
  case durationSeconds = "duration_seconds"
}
