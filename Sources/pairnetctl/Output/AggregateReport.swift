import PairAPI
import PairCore

/// Means over seeds as a table.
struct AggregateReport {
  let answer: AggregateResponse
  /// Whether each row lists its jobs.
  let showsJobs: Bool
  /// Whether the rows are all there are, so that what is missing among them can be told.
  let isWhole: Bool
  /// Further sentences below the table.
  let remarks: [String]
  private let parameters: ParameterColumns

  init(_ answer: AggregateResponse, showsJobs: Bool = false, isWhole: Bool = true, remarks: [String] = []) {
    self.answer = answer
    self.showsJobs = showsJobs
    self.isWhole = isWhole
    self.remarks = remarks
    parameters = ParameterColumns(of: answer.rows.map(\.group))
  }

  func report() -> Report {
    // Keys that are no parameters, such as the dataset's digest, are there because the rows differ in them.
    let keys = answer.by.filter { key in Parameter.named(key).map(parameters.shown.contains) ?? true }
    var table = Table(
      columns: keys.map { Parameter.named($0).map(ParameterColumns.column) ?? .text($0) } + [
        .number("n"), .number(MetricFormat(answer.metric).title), .number("95 % interval"),
        .number("min"), .number("max"), .text("not in the figures"), .text("jobs"),
      ])
    for row in answer.rows {
      let isMarked = row.n < nMax
      let n = isMarked ? "\(row.n)*" : unequal == nil ? "\(row.n)" : "\(row.n) "
      let others = row.others.filter { $0.value > 0 }
      let isIncomplete = others.contains { $0.key != Self.repeated }
      table.append(
        keys.map { key in Table.Cell(row.group[key].map { Self.value($0, of: key) } ?? "") } + [
          Table.Cell(n, isMarked ? .warning : .plain), Table.Cell(meanAndDeviation(row)), Table.Cell(interval(row)),
          Table.Cell(figure(row.min)), Table.Cell(figure(row.max)),
          Table.Cell(Self.summary(others), isIncomplete ? .warning : .dim),
          Table.Cell(showsJobs ? Format.ranges(row.jobs) : ""),
        ])
    }
    var remarks = parameters.constants.map { ["in every row: \($0)"] } ?? []
    if let unequal { remarks.append("* \(unequal)") }
    if let gaps = GridGaps(answer), isWhole { remarks.append(gaps.description) }
    return Report(table: table, remarks: remarks + self.remarks)
  }

  /// What must not be overlooked even where the table goes to a file.
  var warnings: [String] {
    var warnings: [String] = []
    if let unequal { warnings.append(unequal) }
    var others = answer.rows.reduce(into: [String: Int]()) { $0.merge($1.others, uniquingKeysWith: +) }
    others[Self.repeated] = nil  // Nothing is missing: the job of the same spec counts.
    let total = others.values.reduce(0, +)
    if total > 0 { warnings.append("\(Format.count(total, "job")) not in the figures: \(Self.summary(others))") }
    return warnings
  }

  /// A sentence if the rows do not rest on equally many jobs.
  var unequal: String? {
    guard let least = answer.rows.map(\.n).min(), least < nMax else { return nil }
    return "n differs between the rows, from \(least) to \(nMax): compare them with care"
  }

  private var nMax: Int { answer.rows.map(\.n).max() ?? 0 }
}

extension AggregateReport {
  /// What the API calls jobs that ran again what another job of the row has in the figures.
  private static let repeated = "repeated"

  /// The kinds of jobs that are not in the figures, in the order of a job's life: the API's word, and ours.
  private static let kinds =
    JobState.allCases.map { state in
      // A job that succeeded is left out only if its result lacks the metric.
      (key: state.rawValue, text: state == .succeeded ? "without this metric" : state.rawValue)
    } + [(key: repeated, text: repeated)]

  /// `1 queued, 2 failed`
  private static func summary(_ others: [String: Int]) -> String {
    let unknown = others.keys.filter { key in !kinds.contains { $0.key == key } }.sorted().map { ($0, $0) }
    return (kinds + unknown).compactMap { key, text in
      others[key].flatMap { $0 > 0 ? "\(Format.count($0)) \(text)" : nil }
    }.joined(separator: ", ")
  }

  private func figure(_ value: Double?) -> String { value.map(MetricFormat(answer.metric).text) ?? "–" }

  /// `83.0 ± 1.2`; one value has no deviation.
  private func meanAndDeviation(_ row: AggregateRow) -> String {
    row.mean == nil ? "–" : "\(figure(row.mean)) ± \(figure(row.standardDeviation))"
  }

  private func interval(_ row: AggregateRow) -> String {
    guard row.intervalLow != nil, row.intervalHigh != nil else { return "–" }
    return "\(figure(row.intervalLow)) … \(figure(row.intervalHigh))"
  }

  /// Digests are told apart by their beginning.
  private static func value(_ value: ParameterValue, of key: String) -> String {
    key.hasSuffix("_digest") ? String(Format.value(value).prefix(12)) : Format.value(value)
  }

  /// All keys grouped by, numbers in full, a column for every kind of job not in the figures, and the jobs that are.
  func csv() -> CSV {
    let kinds = Self.kinds.filter { $0.key != JobState.succeeded.rawValue }
    var csv = CSV(
      header: answer.by + ["metric", "n", "mean", "standard_deviation", "interval_low", "interval_high", "min", "max"]
        + kinds.map(\.key) + ["without_metric", "jobs"])
    for row in answer.rows {
      csv.append(
        answer.by.map { row.group[$0]?.description ?? "" } + [
          answer.metric, String(row.n), CSV.number(row.mean), CSV.number(row.standardDeviation),
          CSV.number(row.intervalLow), CSV.number(row.intervalHigh), CSV.number(row.min), CSV.number(row.max),
        ] + kinds.map { String(row.others[$0.key] ?? 0) } + [
          String(row.others[JobState.succeeded.rawValue] ?? 0), row.jobs.map { String($0) }.joined(separator: " "),
        ])
    }
    return csv
  }
}
