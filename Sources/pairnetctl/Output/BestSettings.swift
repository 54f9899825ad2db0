import PairAPI
import PairCore

/// The best setting of each model by the mean of a metric.
struct BestSettings {
  /// The settings chosen; several of a model that tie.
  private(set) var groups: Set<[String: ParameterValue]> = []
  /// What must be known of the choice.
  private(set) var remarks: [String] = []

  init(of answer: AggregateResponse) {
    let format = MetricFormat(answer.metric)
    var models: [String] = []
    var rows: [String: [AggregateRow]] = [:]
    for row in answer.rows {
      let model = row.group[Parameter.model.key]?.description ?? ""
      if rows[model] == nil { models.append(model) }
      rows[model, default: []].append(row)
    }
    var choices = 0
    for model in models {
      let candidates = rows[model, default: []].filter { $0.mean != nil }
      choices = max(choices, candidates.count)
      let means = candidates.compactMap(\.mean)
      guard let best = format.higherIsBetter ? means.max() : means.min() else {
        remarks.append("\(model) has no setting with a result")
        // Marked, not dropped: its rows say what became of its jobs.
        groups.formUnion(rows[model, default: []].map(\.group))
        continue
      }
      // Means of the same errors over the same counts may differ in their last bits.
      let chosen = candidates.filter { abs(($0.mean ?? best) - best) <= 1e-12 * max(1, abs(best)) }
      groups.formUnion(chosen.map(\.group))
      if chosen.count > 1 { remarks.append("\(model): \(chosen.count) settings tie, and all of them are shown") }
      if let least = chosen.map(\.n).min(), let most = candidates.map(\.n).max(), least < most {
        remarks.append("\(model): the best setting rests on fewer runs than others (\(least) against \(most))")
      }
    }
    let direction = format.higherIsBetter ? "highest" : "lowest"
    var text = "best of each model: \(direction) mean \(answer.metric)"
    if choices > 1 {
      text +=
        ", of up to \(choices) settings; the mean of a setting chosen so flatters it, fresh seeds tell by how much"
    }
    remarks.insert(text, at: 0)
  }
}
