import PairNN

/// What a network made of some pairs.
package struct Evaluation: Hashable, Sendable {
  /// Pairs evaluated.
  package var count = 0
  /// Pairs whose target is predicted wrongly.
  package var errors = 0
  /// Wrongly predicted digits 1 and 2; 0 for models without auxiliary loss.
  package var digitErrors = SIMD2<Int>(0, 0)
  /// Sums of the cross-entropies, pair by pair: no batch size changes a bit.
  package var targetLoss = 0.0
  package var digitLosses = SIMD2<Double>(0, 0)

  package init() {}

  /// Mean loss a pair, with the auxiliary losses where the model has them.
  package var loss: Double { (targetLoss + digitLosses[0] + digitLosses[1]) / Double(count) }
  package var accuracy: Double { Double(count - errors) / Double(count) }
  package func digitAccuracy(_ digit: Int) -> Double { Double(count - digitErrors[digit]) / Double(count) }
}

extension Network {
  /// Pairs evaluated together: enough to keep the kernels busy, few enough for the level-2 cache.
  package static let evaluationBatch = 50

  /// Evaluates all pairs in evaluation mode; the batch size changes nothing but the speed.
  package func evaluation(of pairs: borrowing PreparedPairs, batch: Int = evaluationBatch) -> Evaluation {
    evaluation(of: pairs, batch: batch) { false }!  // Nothing stops it.
  }

  /// - Parameter shouldStop: asked at every batch.
  /// - Returns: nil if it was stopped.
  func evaluation(
    of pairs: borrowing PreparedPairs, batch: Int = evaluationBatch, until shouldStop: () -> Bool
  ) -> Evaluation? {
    var evaluation = Evaluation()
    var first = 0
    while first < pairs.count {
      if shouldStop() { return nil }
      let last = min(first + min(batch, capacity), pairs.count)
      evaluate(on: pairs, first..<last, into: &evaluation)
      first = last
    }
    return evaluation
  }
}
