/// Our mean held against a published one, in a sentence.
package struct PublishedConclusion: Hashable, Sendable, CustomStringConvertible {
  /// Ours − theirs, with interval and test by Welch from means and standard deviations alone.
  package let welch: WelchDifference
  package let interval: Interval
  /// nil where neither side has any spread.
  package let p: Double?
  package let description: String

  /// - Parameters:
  ///   - published: what to call the other side, such as "the report".
  ///   - alpha: the p value below which the two count as different.
  package init(
    ours: Moments, theirs: Moments, published: String, measure: Measure, level: Double = 0.95, alpha: Double = 0.05
  ) {
    let welch = WelchDifference(ours, theirs)
    let interval = welch.interval(level: level)
    let p = (try? welch.test())?.p
    func numbers(_ moments: Moments) -> String {
      "\(measure.text(moments.mean)) ± \(measure.text(moments.standardDeviation)) (n = \(moments.n))"
    }
    let sides = "Ours \(numbers(ours)), \(published) \(numbers(theirs))"
    guard let p else {
      let same = welch.difference == 0
      description = "\(sides): \(same ? "the same" : "not the same"), and neither has any spread to test by."
      (self.welch, self.interval, self.p) = (welch, interval, nil)
      return
    }
    let size = measure.textWithUnit(abs(welch.difference))
    let direction = welch.difference > 0 ? "higher" : "lower"
    let details = "difference \(measure.text(welch.difference)), \(measure.text(interval)), \(pValueText(p))"
    description =
      p < alpha
      ? "\(sides): ours is \(direction) by \(size) (\(details))."
      : "\(sides): no difference is shown (\(details))."
    (self.welch, self.interval, self.p) = (welch, interval, p)
  }
}
