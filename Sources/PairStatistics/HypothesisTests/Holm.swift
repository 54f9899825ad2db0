/// p values adjusted for being several: the chance that *any* true "no difference" is rejected stays below the level.
///
/// Of k values the i-th smallest (from 1) becomes max over j ≤ i of min(1, (k − j + 1) p₍ⱼ₎). Needs no independence, and
/// rejects whatever Bonferroni's k · p rejects.
///
/// - Returns: the adjusted values in the order given.
/// - Source: Holm 1979, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 6(2)
package func holmAdjusted(_ pValues: [Double]) -> [Double] {
  precondition(pValues.allSatisfy { (0...1).contains($0) }, "p values lie in 0...1")
  var adjusted = pValues
  var largest = 0.0
  for (position, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
    largest = max(largest, min(1, Double(pValues.count - position) * pValues[index]))
    adjusted[index] = largest
  }
  return adjusted
}
