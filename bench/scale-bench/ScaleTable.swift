import Foundation

/// What was measured, printed line by line, and kept for a file.
struct ScaleTable {
  struct Figure: Codable {
    var what: String
    var unit: String
    var median: Double
    var p99: Double?
    /// Mean milliseconds of processor time, of this process or the daemon.
    var processorMilliseconds: Double?
    /// What is wanted, and of which figure: `p99` or `median`.
    var limit: Double?
    var limitOf: String?
  }

  private(set) var figures: [Figure] = []

  init() {
    print(Self.line("", "median", "p99", "processor", "limit"))
  }

  static func heading(_ text: String) { print("\n\(text)") }

  /// Adds the wall time of several runs in milliseconds.
  ///
  /// - Parameters:
  ///   - processor: milliseconds of processor time of all runs.
  ///   - limit: what the median, or with `isLimitOfTail` the 99th percentile, is to stay below.
  mutating func add(
    _ what: String, milliseconds samples: [Double], processor: Double? = nil, limit: Double? = nil,
    isLimitOfTail: Bool = false
  ) {
    let sorted = samples.sorted()
    let p99 = samples.count < 20 ? nil : sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
    add(
      Figure(
        what: what, unit: "ms", median: sorted[sorted.count / 2], p99: p99,
        processorMilliseconds: processor.map { $0 / Double(samples.count) }, limit: limit,
        limitOf: limit == nil ? nil : isLimitOfTail ? "p99" : "median"))
  }

  mutating func add(_ what: String, _ value: Double, unit: String, limit: Double? = nil) {
    add(Figure(what: what, unit: unit, median: value, limit: limit, limitOf: limit == nil ? nil : "median"))
  }

  private mutating func add(_ figure: Figure) {
    figures.append(figure)
    func text(_ value: Double?) -> String { value.map { String(format: "%.2f", $0) } ?? "" }
    let limit = figure.limit.map { limit in
      let value = figure.limitOf == "p99" ? figure.p99 ?? figure.median : figure.median
      return String(format: "%@ %g%@", value <= limit ? "<=" : "above", limit, figure.limitOf == "p99" ? " (p99)" : "")
    }
    print(
      Self.line(
        figure.what, "\(text(figure.median)) \(figure.unit)", text(figure.p99), text(figure.processorMilliseconds),
        limit ?? ""))
  }

  private static func line(_ what: String, _ columns: String...) -> String {
    let widths = [14, 9, 10, 16]
    return what.padding(toLength: 50, withPad: " ", startingAt: 0)
      + zip(columns, widths).map { String(repeating: " ", count: max(1, $1 - $0.count)) + $0 }.joined()
  }

  func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return try encoder.encode(figures)
  }
}

/// Milliseconds that `work` takes by the clock on the wall.
func wall(_ work: () throws -> Void) rethrows -> Double {
  let duration = try ContinuousClock().measure(work)
  return Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) * 1e-15
}

/// User and system milliseconds of this process so far.
func processorMilliseconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) * 1e-6
}

extension ScaleTable {
  /// Runs `work` so many times and adds the wall and processor time of one.
  mutating func measure(
    _ what: String, times: Int = 1, limit: Double? = nil, isLimitOfTail: Bool = false, _ work: () throws -> Void
  ) rethrows {
    var samples: [Double] = []
    let start = processorMilliseconds()
    for _ in 0..<times { samples.append(try wall(work)) }
    add(
      what, milliseconds: samples, processor: processorMilliseconds() - start, limit: limit,
      isLimitOfTail: isLimitOfTail)
  }
}
