import PairCore
import PairTraining

/// The kernels of a step: microseconds, and how near to the peak.
struct KernelTable {
  struct Row: Codable {
    var layer: String
    var operation: String
    var microseconds: Double
    /// Of dense direct convolution or matrix products; nil for kernels that are not made of multiply-adds.
    var gigaflopsPerSecond: Double?
    var shareOfPeak: Double?

    enum CodingKeys: String, CodingKey {
      case layer, operation, microseconds
      case gigaflopsPerSecond = "gflops"
      case shareOfPeak = "share_of_peak"
    }
  }

  let setting: JobSetting
  let stepMicroseconds: Double
  let steps: Int
  let rows: [Row]

  /// Trains the setting for so long with a stopwatch around each kernel.
  init(_ setting: JobSetting, for duration: Duration, peakGFLOPS: Double) {
    self.setting = setting
    let profile = StepProfile.measure(
      model: setting.model, batchNorm: setting.batchNorm, dropout: setting.dropout, for: duration)
    let layers = setting.description.root.all.filter { $0.children.isEmpty && $0.forwardFLOPs > 0 }
    rows = profile.rows.map { row in
      var rate: Double?
      if let layer = layers.first(where: { $0.engineNames.contains(row.layer) }) {
        switch row.operation {
        case .forward, .weightGradient, .inputGradient:
          rate = Double(layer.forwardFLOPs * profile.batchSize) / row.seconds * 1e-9
        case .bias, .update, .batchNormForward, .batchNormBackward, .relu, .dropout, .loss: break
        }
      }
      return Row(
        layer: row.layer, operation: row.operation.name, microseconds: row.seconds * 1e6, gigaflopsPerSecond: rate,
        shareOfPeak: rate.map { $0 / peakGFLOPS })
    }
    stepMicroseconds = profile.stepSeconds * 1e6
    steps = profile.steps
  }

  var text: String {
    var table = TextTable(["\(setting.name), a step of 25 pairs", "us", "% of step", "GFLOP/s", "% of peak"])
    func append(_ name: String, _ row: Row) {
      table.append([
        name, row.microseconds.fixed(1), (100 * row.microseconds / stepMicroseconds).fixed(1),
        row.gigaflopsPerSecond?.fixed(1) ?? "", row.shareOfPeak.map { (100 * $0).fixed(0) } ?? "",
      ])
    }
    let sorted = rows.sorted { $0.microseconds > $1.microseconds }
    let shown = sorted.prefix { $0.microseconds >= stepMicroseconds / 100 }
    for row in shown {
      append(row.layer.isEmpty || row.layer == row.operation ? row.operation : "\(row.layer) \(row.operation)", row)
    }
    let others = sorted.dropFirst(shown.count)
    append(
      "\(others.count) others",
      Row(layer: "", operation: "", microseconds: others.reduce(0) { $0 + $1.microseconds }))
    let rest = stepMicroseconds - rows.reduce(0) { $0 + $1.microseconds }
    append("the rest and the stopwatch", Row(layer: "", operation: "", microseconds: max(0, rest)))
    append("whole step (median of \(steps))", Row(layer: "", operation: "", microseconds: stepMicroseconds))
    return table.text
  }
}
