import PairAPI
import PairCore

/// Combinations of the values that occur for which there is no job at all: holes in a grid.
struct GridGaps: CustomStringConvertible {
  let description: String

  /// nil if there are none, and if there are so many that the rows are no grid but a list of settings.
  init?(_ answer: AggregateResponse) {
    guard answer.by.allSatisfy({ Parameter.named($0) != nil }) else { return nil }
    let values = answer.by.map { key in Set(answer.rows.compactMap { $0.group[key] }).sorted { "\($0)" < "\($1)" } }
    let count = values.reduce(1) { min($0 * $1.count, 10_000) }
    let missing = count - answer.rows.count
    guard missing > 0, missing < answer.rows.count, count < 10_000 else { return nil }
    let present = Set(answer.rows.map(\.group))
    let varying = answer.by.indices.filter { values[$0].count > 1 }.map { answer.by[$0] }
    var names: [String] = []
    for index in 0..<count where names.count < 5 {
      var group: [String: ParameterValue] = [:]
      var rest = index
      for (key, values) in zip(answer.by, values).reversed() {
        group[key] = values[rest % values.count]
        rest /= values.count
      }
      if !present.contains(group) {
        names.append(varying.map { "\($0) \(group[$0].map(Format.value) ?? "")" }.joined(separator: ", "))
      }
    }
    let rest = missing > names.count ? "; …" : ""
    description = "no jobs at all for \(missing) of \(count) combinations: \(names.joined(separator: "; "))\(rest)"
  }
}
