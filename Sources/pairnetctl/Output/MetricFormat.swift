import PairStatistics

/// How values of a metric are written: accuracies as percentages, counts with one decimal, the rest with four.
struct MetricFormat: Hashable {
  let metric: String

  init(_ metric: String) { self.metric = metric }

  var isAccuracy: Bool { metric.hasSuffix("_accuracy") }
  /// Of losses, errors and times the smaller is the better one.
  var higherIsBetter: Bool { isAccuracy }
  /// What values are multiplied with before they are shown.
  var scale: Double { isAccuracy ? 100 : 1 }
  var decimals: Int { isAccuracy || metric.hasSuffix("_errors") ? 1 : metric.hasSuffix("_seconds") ? 2 : 4 }
  /// The head of a column.
  var title: String { isAccuracy ? "\(metric) %" : metric }
  /// The label of an axis.
  var label: String {
    let words = metric.replacing("_", with: " ")
    return isAccuracy ? "\(words) (%)" : metric.hasSuffix("_seconds") ? "duration (s)" : words
  }

  func text(_ value: Double) -> String { Format.fixed(value * scale, decimals: decimals) }
  /// With its sign.
  func difference(_ value: Double) -> String {
    let text = text(value)
    return text.hasPrefix("-") || !text.contains(where: { "123456789".contains($0) }) ? text : "+\(text)"
  }
}
