import PairStatistics

/// A grid of settings with a value in each cell, coloured by it.
package struct Heatmap: Plot, Hashable, Sendable {
  package let title: String
  package let subtitle: String
  package let valueLabel: String
  /// What varies along the columns, and each column's value.
  package let columnLabel: String
  package let columns: [String]
  package let rows: [Row]
  package let places: Int
  /// What `best` means of a cell: "best of its row".
  package let bestLabel: String

  package struct Row: Hashable, Sendable {
    package let name: String
    package let cells: [Cell]

    package init(name: String, cells: [Cell]) {
      self.name = name
      self.cells = cells
    }
  }

  package enum Cell: Hashable, Sendable {
    /// - Parameters:
    ///   - spread: printed behind ± where there is room; nil for a single run.
    ///   - best: marked, as the one chosen of its row or model.
    case value(Double, spread: Double? = nil, best: Bool = false)
    /// A cell without a value, and why: "failed", "queued".
    case missing(String)

    var value: Double? {
      if case .value(let value, _, _) = self { value } else { nil }
    }
  }

  /// - Parameters:
  ///   - rows: each with as many cells as there are columns.
  ///   - places: decimals of the values.
  package init(
    title: String, subtitle: String = "", valueLabel: String, columnLabel: String, columns: [String], rows: [Row],
    places: Int = 1, bestLabel: String = "best of its row"
  ) {
    precondition(rows.allSatisfy { $0.cells.count == columns.count }, "every row has a cell for each column")
    self.title = title
    self.subtitle = subtitle
    self.valueLabel = valueLabel
    self.columnLabel = columnLabel
    self.columns = columns
    self.rows = rows
    self.places = places
    self.bestLabel = bestLabel
  }

  /// The least and the greatest value, between which the colours are spread; nil without any value.
  var range: (low: Double, high: Double)? {
    let values = rows.flatMap { $0.cells.compactMap(\.value) }
    guard let low = values.min(), let high = values.max() else { return nil }
    return (low, high)
  }

  var hasBest: Bool {
    rows.contains { $0.cells.contains { if case .value(_, _, best: true) = $0 { true } else { false } } }
  }

  /// 0 for the least value, 1 for the greatest; the middle where all are equal.
  func share(_ value: Double) -> Double {
    guard let range, range.high > range.low else { return 0.5 }
    return (value - range.low) / (range.high - range.low)
  }
}
