/// Table I of the report: mean test accuracy and standard deviation of each model over 10 runs.
package enum TableOne {
  package struct Row: Hashable, Sendable {
    package let setting: Setting
    package let mean: Double
    /// Taken as a sample standard deviation; the report does not say which it is.
    package let standardDeviation: Double
  }

  package static let runs = 10
  package static let rows: [Row] = [
    row(.baseNet, dropout: 0.5, 0.830, 0.012),
    row(.baseNetAux, dropout: 0, 0.923, 0.008),
    row(.baseNetWeightShare, dropout: 0, 0.859, 0.015),
    row(.baseNetWeightShareAux, dropout: 0.2, 0.925, 0.008),
  ]

  package static func row(of model: Model) -> Row {
    guard let row = rows.first(where: { $0.setting.model == model }) else {
      preconditionFailure("Table I has every model")
    }
    return row
  }

  private static func row(_ model: Model, dropout: Double, _ mean: Double, _ standardDeviation: Double) -> Row {
    // The report found batch norm beneficial in all four.
    Row(
      setting: Setting(model: model, batchNorm: true, dropout: dropout), mean: mean,
      standardDeviation: standardDeviation)
  }
}
