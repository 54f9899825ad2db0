/// What a comparison comes to, in one or two plain sentences.
package struct Conclusion: Hashable, Sendable, CustomStringConvertible {
  package let verdict: Verdict
  package let description: String

  package enum Verdict: Hashable, Sendable {
    case firstIsBetter, secondIsBetter
    /// A difference may exist; these runs do not show it.
    case undecided
    /// The same value in every run.
    case identical
    /// A side has too few runs to say anything.
    case tooFewRuns
  }

  /// - Parameters:
  ///   - first, second: what to call the settings.
  ///   - family: nil for a comparison that stands alone. Its adjusted p value decides, while the interval stays that of
  ///     this comparison alone.
  ///   - alpha: the p value below which a difference counts as shown.
  package init(
    _ comparison: Comparison, first: String, second: String, measure: Measure, family: Family? = nil,
    alpha: Double = 0.05
  ) {
    let draft = Draft(comparison, first: first, second: second, measure: measure, family: family, alpha: alpha)
    (verdict, description) = draft.conclude()
  }
}

/// The words of a conclusion, told from the side of whoever is ahead.
private struct Draft {
  let comparison: Comparison
  let measure: Measure
  let family: Family?
  let alpha: Double
  let first: String
  let second: String
  let firstLeads: Bool
  var leader: String { firstLeads ? first : second }
  var other: String { firstLeads ? second : first }

  init(
    _ comparison: Comparison, first: String, second: String, measure: Measure, family: Family?,
    alpha: Double
  ) {
    self.comparison = comparison
    self.first = first
    self.second = second
    self.measure = measure
    self.family = family
    self.alpha = alpha
    firstLeads = (comparison.difference >= 0) == measure.higherIsBetter
  }

  func conclude() -> (Conclusion.Verdict, String) {
    let lead = measure.textWithUnit(abs(comparison.difference))
    guard let interval = comparison.interval else { return (.tooFewRuns, tooFewRuns) }
    guard let test = comparison.headlineTest else { return (.identical, identical) }
    let p = family?.adjustedP ?? test.p
    let shown = p < alpha
    let verdict: Conclusion.Verdict = !shown ? .undecided : firstLeads ? .firstIsBetter : .secondIsBetter

    guard case .success = comparison.tTest else {
      let constant = "exactly \(lead) in every \(isPaired ? "pair" : "run") (\(evidence(test)))"
      let words =
        shown
        ? "\(leader) is better than \(other) by \(constant)."
        : "\(leader) is ahead of \(other) by \(constant), which are too few to show it."
      return (verdict, words)
    }
    let details = "\(measure.text(towardsLeader(interval))); \(evidence(test))"
    guard !shown else { return (verdict, "\(leader) is better than \(other) by \(lead) (\(details)).") }
    return (verdict, "No difference between \(first) and \(second) is shown: \(gap) (\(details)). \(room(interval))")
  }

  /// How far apart the means are, where less than the last printed digit is not called a lead.
  var gap: String {
    let difference = abs(comparison.difference)
    if difference == 0 { return "their means are equal" }
    guard measure.text(difference) == measure.text(0) else {
      return "\(leader) is ahead by \(measure.textWithUnit(difference))"
    }
    return "their means differ by less than \(measure.lastDigit)"
  }

  var isPaired: Bool { comparison.pairs != nil }

  var identical: String {
    if let pairs = comparison.pairs {
      return
        "\(first) and \(second) gave the same value \(pairs.n == 2 ? "for both" : "for each") of \(seeds(pairs.n))."
    }
    return "All \(comparison.first.n) runs of \(first) and all \(comparison.second.n) of \(second) gave the same value."
  }

  var tooFewRuns: String {
    let counts =
      isPaired
      ? "\(first) and \(second) share one seed"
      : "\(first) has \(runs(comparison.first.n)) and \(second) \(runs(comparison.second.n))"
    return "\(counts): \(gap), but a single run shows no spread, so nothing can be concluded."
  }

  /// "paired by 10 shared seeds; p = 0.0003 after Holm over 3 comparisons"
  func evidence(_ test: TestOutcome) -> String {
    var parts = [design]
    if case .failure = comparison.tTest { parts.append(test.method.name) }
    if let family, family.comparisons > 1 {
      var text = pValueText(family.adjustedP) + " after Holm over \(family.comparisons) comparisons"
      if family.adjustedP >= alpha && test.p < alpha { text += ", \(pValueText(test.p)) alone" }
      parts.append(text)
    } else {
      parts.append(pValueText(test.p))
    }
    return parts.joined(separator: "; ")
  }

  var design: String {
    switch comparison.design {
    case .paired(let leftOut):
      let pairing = "paired by \(seeds(comparison.first.n))"
      return leftOut == 0 ? pairing : pairing + ", \(runs(leftOut)) without a partner left out"
    case .independent(let shared):
      let sizes = "unpaired, \(comparison.first.n) runs against \(comparison.second.n)"
      return shared == 0 ? sizes : sizes + ", only \(shared) of whose seeds \(shared == 1 ? "is" : "are") shared"
    }
  }

  /// What the interval does not rule out, where nothing is shown.
  func room(_ interval: Interval) -> String {
    let lead = towardsLeader(interval)
    guard lead.low < 0 else {
      return "The interval alone leaves 0 out, but it does not account for the other comparisons."
    }
    let most = "\(leader) may be better by up to \(measure.textWithUnit(lead.high))"
    guard measure.text(-lead.low) != measure.text(0) else { return "\(most), or not at all." }
    return "\(most) or worse by up to \(measure.textWithUnit(-lead.low))."
  }

  /// The interval of the leader's advantage, whatever direction is better.
  func towardsLeader(_ interval: Interval) -> Interval {
    comparison.difference >= 0
      ? interval : Interval(low: -interval.high, high: -interval.low, level: interval.level)
  }

  func seeds(_ count: Int) -> String { count == 1 ? "1 shared seed" : "\(count) shared seeds" }
  func runs(_ count: Int) -> String { count == 1 ? "1 run" : "\(count) runs" }
}
