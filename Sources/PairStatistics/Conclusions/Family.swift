/// The several comparisons of which one is a member, as Holm's correction sees it.
package struct Family: Hashable, Sendable {
  package let comparisons: Int
  /// This comparison's p value of `holmAdjusted`.
  package let adjustedP: Double

  package init(comparisons: Int, adjustedP: Double) {
    precondition(comparisons >= 1 && (0...1).contains(adjustedP), "a family has members, a p value lies in 0...1")
    self.comparisons = comparisons
    self.adjustedP = adjustedP
  }

  /// What each of several comparisons asked together is to be told of the others.
  ///
  /// - Returns: in the order given; nil for a comparison without a test, which counts for nothing among the others.
  package static func adjusting(_ comparisons: [Comparison]) -> [Family?] {
    let pValues = comparisons.map { $0.headlineTest?.p }
    var adjusted = holmAdjusted(pValues.compactMap(\.self))[...]
    let members = adjusted.count
    return pValues.map { p in
      p == nil ? nil : adjusted.popFirst().map { Family(comparisons: members, adjustedP: $0) }
    }
  }
}
