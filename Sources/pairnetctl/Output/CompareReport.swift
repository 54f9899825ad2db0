import PairAPI
import PairCore
import PairStatistics

/// Settings held against each other: a table of them, a table of the differences, and sentences.
struct CompareReport {
  let answer: CompareResponse
  /// The parameters for whose values the settings were compared anew, and these; empty if not.
  let each: [String]
  let groups: [[String: ParameterValue]]
  private let format: MetricFormat

  init(_ answer: CompareResponse, each: [String] = [], groups: [[String: ParameterValue]] = []) {
    self.answer = answer
    self.each = each
    self.groups = groups
    format = MetricFormat(answer.metric)
  }

  private var level: String { Format.plain((answer.level * 1000).rounded() / 10) }

  /// Each setting by itself.
  var settings: Report {
    var table = Table(columns: [
      .text(""), .text("setting"), .number("n"), .number(format.title), .number("\(level) % interval"),
      .text("not in the figures"),
    ])
    for (index, setting) in answer.settings.enumerated() {
      table.append([
        Table.Cell(letter(index)), Table.Cell(setting.name), Table.Cell(String(setting.n)),
        Table.Cell("\(format.text(setting.mean)) ± \(setting.standardDeviation.map(format.text) ?? "–")"),
        Table.Cell(interval(setting.intervalLow, setting.intervalHigh, format.text)),
        Table.Cell(
          setting.others.sorted { $0.key < $1.key }.map {
            "\($0.value) \($0.key == JobState.succeeded.rawValue ? "without \(answer.metric)" : $0.key)"
          }.joined(separator: ", "), .warning),
      ])
    }
    return Report(table: table)
  }

  /// Each difference.
  var differences: Report {
    var table = Table(
      columns: each.map { Parameter.named($0).map(ParameterColumns.column) ?? .text($0) } + [
        .text("difference"), .number(format.isAccuracy ? "points" : answer.metric), .number("\(level) % interval"),
        .text("runs"), .number("p of t"), .number("p of ranks"), .number("p of flips"), .number("p, Holm"),
        .number("P(better)"), .number("\(level) % interval"),
      ])
    for comparison in answer.comparisons {
      let isFamily = answer.comparisons.count > 1
      let group = groups.isEmpty ? [:] : groups[comparison.first / groupSize]
      table.append(
        each.map { Table.Cell(group[$0].map(Format.value) ?? "") } + [
          Table.Cell("\(letter(comparison.first)) - \(letter(comparison.second))"),
          Table.Cell(format.difference(comparison.difference)),
          Table.Cell(interval(comparison.intervalLow, comparison.intervalHigh, format.difference)),
          Table.Cell(runs(comparison)), Table.Cell(p(comparison.tests.first)),
          Table.Cell(p(comparison.tests.dropFirst().first)),
          Table.Cell(comparison.tests.count > 2 ? p(comparison.tests[2]) : ""),
          Table.Cell(isFamily ? comparison.holmP.map(Self.p) ?? "–" : ""),
          Table.Cell(Format.fixed(comparison.improvement, decimals: 2)),
          Table.Cell(
            interval(comparison.improvementLow, comparison.improvementHigh) { Format.fixed($0, decimals: 2) }),
        ])
    }
    return Report(table: table)
  }

  /// What it comes to, a paragraph a comparison.
  var sentences: [String] {
    answer.comparisons.map { comparison in
      ([comparison.conclusion] + (comparison.moreSeeds.map { [$0] } ?? [])).joined(separator: " ")
    } + answer.remarks.map { "Note: \($0)." }
  }

  func write() {
    settings.write()
    Standard.output.write("\n")
    differences.write()
    Standard.output.write(Terminal.output.spelled(sentences.map { "\n\(Format.printable($0))\n" }.joined()))
  }

  func writeMarkdown() {
    settings.writeMarkdown()
    Standard.output.write("\n")
    differences.writeMarkdown()
    Standard.output.write(sentences.map { "\n\($0)\n" }.joined())
  }

  func writeLaTeX() {
    settings.writeLaTeX()
    Standard.output.write("\n\\medskip\n")
    differences.writeLaTeX()
    Standard.output.write("\n\\medskip\n" + sentences.map { "\n\(LaTeX.escaped($0))\n" }.joined())
  }

  private func runs(_ comparison: CompareResponse.Comparison) -> String {
    guard comparison.paired, let pairs = comparison.pairs else { return "unpaired" }
    return comparison.leftOut == 0 ? "\(pairs) pairs" : "\(pairs) pairs, \(comparison.leftOut) left out"
  }

  private func p(_ test: CompareResponse.Test?) -> String { test?.p.map(Self.p) ?? "–" }

  /// `0.012`, `<0.0001`
  private static func p(_ value: Double) -> String {
    pValueText(value).replacing("p = ", with: "").replacing("p < ", with: "<")
  }

  private func interval(_ low: Double?, _ high: Double?, _ text: (Double) -> String) -> String {
    guard let low, let high else { return "–" }
    return "\(text(low)) … \(text(high))"
  }

  /// Settings of a group: all there are, unless they are compared anew for each value.
  private var groupSize: Int { groups.isEmpty ? answer.settings.count : answer.settings.count / groups.count }

  /// A, B, …, the same in each group; there are at most 20.
  private func letter(_ index: Int) -> String {
    String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index % max(1, groupSize))))
  }
}
