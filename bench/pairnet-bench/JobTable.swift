import PairTraining

/// Jobs' seconds beside the frameworks' for the same work.
struct JobTable {
  /// Medians of one setting.
  struct Row: Codable {
    var setting: String
    var seconds: Double
    var secondsMin: Double
    var runs: Int
    var nominalGFLOP: Double
    /// Nominal FLOPs a second over the core's measured peak in the same run.
    var rateOverPeak: Double
    /// What evaluating after each epoch adds.
    var evaluationPercent: Double
    /// The best layout's median.
    var torchSeconds: Double?
    var torchLayout: String?
    var jaxSeconds: Double?
    var jaxLayout: String?

    enum CodingKeys: String, CodingKey {
      case setting, seconds, runs
      case secondsMin = "seconds_min"
      case nominalGFLOP = "nominal_gflop"
      case rateOverPeak = "rate_over_peak"
      case evaluationPercent = "evaluation_percent"
      case torchSeconds = "torch_seconds"
      case torchLayout = "torch_layout"
      case jaxSeconds = "jax_seconds"
      case jaxLayout = "jax_layout"
    }
  }

  static let heading = "seconds of one core a job: 30 epochs of 1000 pairs in batches of 25, without evaluation"

  let rows: [Row]

  /// - Parameter timings: of at least one training of ours
  init(_ timings: [Timing]) {
    let peak = timings.compactMap(\.peakGFLOPS).median
    rows = JobSetting.all.compactMap { setting in
      let all = timings.filter { $0.setting == setting }
      let ours = all.filter { $0.framework == Timing.ours }
      guard !ours.isEmpty else { return nil }
      let seconds = ours.map(\.seconds)
      let torch = Self.best(all.filter { $0.framework == "torch" })
      let jax = Self.best(all.filter { $0.framework == "jax" })
      return Row(
        setting: setting.name, seconds: seconds.median, secondsMin: seconds.min()!, runs: seconds.count,
        nominalGFLOP: setting.nominalGFLOP, rateOverPeak: setting.nominalGFLOP / seconds.median / peak,
        evaluationPercent: 100 * ours.map { ($0.evaluationSeconds ?? 0) / $0.seconds }.median,
        torchSeconds: torch?.seconds, torchLayout: torch?.layout, jaxSeconds: jax?.seconds, jaxLayout: jax?.layout)
    }
  }

  /// The layout with the smallest median.
  private static func best(_ timings: [Timing]) -> (layout: String, seconds: Double)? {
    Dictionary(grouping: timings, by: \.layout).map { ($0, $1.map(\.seconds).median) }.min { $0.1 < $1.1 }
  }

  var text: String {
    let hasFrameworks = rows.contains { $0.torchSeconds != nil || $0.jaxSeconds != nil }
    var table = TextTable(
      ["setting", "seconds", "min", "runs", "GFLOP", "rate/peak", "evaluation"]
        + (hasFrameworks ? ["PyTorch", "ratio", "JAX", "ratio"] : []))
    for row in rows {
      func columns(_ seconds: Double?, _ layout: String?) -> [String] {
        guard let seconds, let layout else { return ["", ""] }
        return ["\(seconds.fixed(2)) \(layout)", "\((seconds / row.seconds).fixed(1))x"]
      }
      table.append(
        [
          row.setting, row.seconds.fixed(3), row.secondsMin.fixed(3), String(row.runs), row.nominalGFLOP.fixed(1),
          row.rateOverPeak.fixed(2), "+\(row.evaluationPercent.fixed(1)) %",
        ] + (hasFrameworks ? columns(row.torchSeconds, row.torchLayout) + columns(row.jaxSeconds, row.jaxLayout) : []))
    }
    return table.text
  }
}
