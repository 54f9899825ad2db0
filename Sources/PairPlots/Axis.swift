import Glibc
import PairStatistics

/// A number line with ticks at round numbers.
package struct Axis: Hashable, Sendable {
  package let low: Double
  package let high: Double
  /// Ascending, within low...high, multiples of 1, 2 or 5 times a power of ten.
  package let ticks: [Double]
  /// How many decimals tell the ticks apart.
  package let places: Int

  /// The axis over `values` with a little room at either end.
  ///
  /// - Parameters:
  ///   - values: finite; without any the axis runs from 0 to 1, and a single value gets room on either side.
  ///   - intervals: at most how many steps between ticks, at least 5, with which two ticks at least are in range.
  ///   - whole: steps of at least 1, for epochs.
  ///   - room: the empty share of the span on either side.
  /// - Source: Heckbert 1990, "Nice Numbers for Graph Labels", Graphics Gems
  package init(covering values: [Double], intervals: Int = 5, whole: Bool = false, room: Double = 0.04) {
    precondition(intervals >= 5 && values.allSatisfy(\.isFinite), "an axis needs finite values and 5 intervals")
    var low = values.min() ?? 0
    var high = values.max() ?? 1
    // What is equal but for rounding would give ticks that no label tells apart.
    if high - low <= 1e-9 * max(abs(low), abs(high)) {
      let half = low == 0 ? 0.5 : abs(low) * 0.05
      low -= half
      high += half
    }
    let step = Self.niceStep(atLeast: (high - low) / Double(intervals), whole: whole)
    let margin = room * (high - low)
    self.low = low - margin
    self.high = high + margin
    let first = Int((self.low / step).rounded(.up))
    let last = Int((self.high / step).rounded(.down))
    // Multiples, not sums: 0.1 added ten times is not 1.
    ticks = first <= last ? (first...last).map { Self.multiple($0, of: step) } : []
    places = step >= 1 ? 0 : Int((-log10(step) - 1e-9).rounded(.up))
  }

  /// Where a value lies: 0 at the low end, 1 at the high end.
  package func position(_ value: Double) -> Double { (value - low) / (high - low) }

  package func label(_ tick: Double) -> String { decimalText(tick, places: min(places, 17)) }

  /// The least of 1, 2, 5 times a power of ten that is not below `size`.
  private static func niceStep(atLeast size: Double, whole: Bool) -> Double {
    let power = pow(10, (log10(size) + 1e-12).rounded(.down))
    let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= size * (1 - 1e-9) } ?? 10 * power
    return whole ? max(1, step) : step
  }

  private static func multiple(_ count: Int, of step: Double) -> Double {
    // 3 · 0.1 is 0.30000000000000004, 3 / 10 is not.
    step >= 1 ? Double(count) * step : Double(count) / (1 / step).rounded()
  }
}
