import Glibc
import Synchronization

/// What the scenarios have done and found; printed as one table at the end.
package final class Report: Sendable {
  package struct Line: Sendable {
    package var cycles = 0
    package var faults: [String: Int] = [:]
    package var findings: [String] = []
    /// What the databases of its campaigns held at their ends.
    package var work: [String: Int] = [:]
  }

  private let lines = Mutex<[(scenario: String, line: Line)]>([])
  private let isQuiet: Bool

  package init(isQuiet: Bool = false) { self.isQuiet = isQuiet }

  /// Announces a campaign with what repeats it.
  func begins(_ scenario: String, seed: UInt64, _ what: String) {
    update(scenario) { _ in }
    if !isQuiet { say("\(scenario): \(what); --scenario \(scenario) --seed \(seed) repeats it") }
  }

  func cycle(_ scenario: String) { update(scenario) { $0.cycles += 1 } }

  /// Counts a fault that did happen, by its kind.
  func fault(_ scenario: String, _ kind: String, _ count: Int = 1) {
    update(scenario) { $0.faults[kind, default: 0] += count }
  }

  /// Counts what a campaign's database holds at its end.
  func work(_ scenario: String, _ tally: [String: Int]) {
    update(scenario) { $0.work.merge(tally, uniquingKeysWith: +) }
  }

  func finding(_ scenario: String, seed: UInt64, _ text: String) {
    // A crash report has hundreds of lines; its first ones say what it is.
    let text = text.split(separator: "\n", omittingEmptySubsequences: false).prefix(30).joined(separator: "\n")
    update(scenario) { $0.findings.append("\(text) (seed \(seed))") }
    say("FINDING \(scenario), seed \(seed): \(text)")
  }

  package subscript(scenario: String) -> Line {
    lines.withLock { lines in lines.first { $0.scenario == scenario }?.line ?? Line() }
  }

  package var findings: [String] { lines.withLock { $0.flatMap { line in line.line.findings } } }

  /// A row a scenario, then what it injected.
  package var table: String {
    let lines = lines.withLock { $0 }
    func row(_ cells: [String]) -> String {
      let widths = [14, 8, 8, 9]
      return zip(cells, widths).map { cell, width in
        let gap = String(repeating: " ", count: max(0, width - cell.count))
        return cells[0] == cell ? cell + gap : gap + cell
      }.joined(separator: "  ") + "  " + cells[4]
    }
    var text = [row(["scenario", "cycles", "faults", "findings", "of which"])]
    for (scenario, line) in lines {
      let kinds = line.faults.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      text.append(
        row([
          scenario, "\(line.cycles)", "\(line.faults.values.reduce(0, +))", "\(line.findings.count)",
          kinds.map { "\($0.value) \($0.key)" }.joined(separator: ", "),
        ]))
    }
    let all = lines.map(\.line)
    text.append(
      row([
        "all", "\(all.map(\.cycles).reduce(0, +))",
        "\(all.flatMap(\.faults.values).reduce(0, +))", "\(all.map(\.findings.count).reduce(0, +))", "",
      ]))
    for (scenario, line) in lines where !line.work.isEmpty {
      let work = line.work.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
      text.append("\(scenario) left, and checked to the bit: \(work)")
    }
    return text.joined(separator: "\n")
  }

  private func update(_ scenario: String, _ change: (inout Line) -> Void) {
    lines.withLock { lines in
      if let index = lines.firstIndex(where: { $0.scenario == scenario }) { return change(&lines[index].line) }
      var line = Line()
      change(&line)
      lines.append((scenario, line))
    }
  }
}

func say(_ text: String) {
  print(text)
  fflush(nil)
}
