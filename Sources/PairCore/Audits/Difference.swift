/// A figure of a training that came out different when the training was repeated.
package struct Difference: Codable, Hashable, Sendable {
  /// What differs: a figure's name as in tables, `train_loss of epoch 3`, or `number of epochs`.
  package var figure: String
  /// What was recorded and what came out, with all decimals; nil for none.
  package var recorded: String?
  package var repeated: String?

  package init(figure: String, recorded: String?, repeated: String?) {
    self.figure = figure
    self.recorded = recorded
    self.repeated = repeated
  }

  /// Every figure that is not the same to the last bit, in the order of tables.
  package static func between(
    _ recorded: (result: JobResult?, epochs: [EpochMetrics]), _ repeated: (result: JobResult?, epochs: [EpochMetrics])
  ) -> [Difference] {
    var found: [Difference] = []
    func compare(_ figure: String, _ a: String?, _ b: String?) {
      if a != b { found.append(Difference(figure: figure, recorded: a, repeated: b)) }
    }
    func compare(_ figure: String, _ a: Double?, _ b: Double?) {
      if a?.bitPattern != b?.bitPattern { compare(figure, a.map { String($0) }, b.map { String($0) }) }
    }
    func compare(_ figure: String, _ a: Int?, _ b: Int?) { compare(figure, a.map { String($0) }, b.map { String($0) }) }

    let (old, new) = (recorded.result, repeated.result)
    compare("train_accuracy", old?.trainAccuracy, new?.trainAccuracy)
    compare("test_accuracy", old?.testAccuracy, new?.testAccuracy)
    compare("train_loss", old?.trainLoss, new?.trainLoss)
    compare("test_loss", old?.testLoss, new?.testLoss)
    compare("train_errors", old?.trainErrors, new?.trainErrors)
    compare("test_errors", old?.testErrors, new?.testErrors)
    compare("digit1_accuracy", old?.digit1Accuracy, new?.digit1Accuracy)
    compare("digit2_accuracy", old?.digit2Accuracy, new?.digit2Accuracy)
    compare("weights_sha256", old?.weightsSHA256, new?.weightsSHA256)
    compare("number of epochs", recorded.epochs.count, repeated.epochs.count)
    for (old, new) in zip(recorded.epochs, repeated.epochs) {
      compare("train_loss of epoch \(old.epoch)", old.trainLoss, new.trainLoss)
      compare("test_accuracy of epoch \(old.epoch)", old.testAccuracy, new.testAccuracy)
      compare("digit1_accuracy of epoch \(old.epoch)", old.digit1Accuracy, new.digit1Accuracy)
      compare("digit2_accuracy of epoch \(old.epoch)", old.digit2Accuracy, new.digit2Accuracy)
    }
    return found
  }
}
