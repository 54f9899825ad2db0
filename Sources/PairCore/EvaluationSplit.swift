/// Where the pairs are drawn from that a network is evaluated on, after each epoch and at the end.
package enum EvaluationSplit: String, CaseIterable, Codable, Sendable {
  /// The dataset's test images, as in the report.
  case test
  /// Train images that no train pair uses: to choose settings by, with the test images still untouched.
  case validation
}
