/// A confidence interval.
package struct Interval: Hashable, Sendable {
  package let low: Double
  package let high: Double
  /// The confidence, such as 0.95.
  package let level: Double

  package init(low: Double, high: Double, level: Double) {
    precondition(low <= high, "an interval's ends are in order")
    precondition(level > 0 && level < 1, "a confidence level lies between 0 and 1")
    self.low = low
    self.high = high
    self.level = level
  }

  package var halfWidth: Double { (high - low) / 2 }

  package func contains(_ value: Double) -> Bool { low <= value && value <= high }
}
