extension SampleSize {
  /// "For ± 0.5 points: 23 more seeds, 33 in all; to be 80 % sure of it, 46 in all."
  ///
  /// - Parameter noun: what is counted, in the plural.
  package func sentence(measure: Measure, noun: String = "seeds") -> String {
    let aim = measure.aim(halfWidth)
    let assured = "to be \(decimalText(assurance * 100, places: 0)) % sure of it, \(assuredRuns) in all"
    guard additional > 0 else { return "For \(aim) the \(present) \(noun) there are suffice; \(assured)." }
    return "For \(aim): \(additional) more \(noun), \(runs) in all; \(assured)."
  }
}
