/// How a measured value is spoken of.
package struct Measure: Hashable, Sendable {
  /// "points", "s"; empty for a bare number.
  package let unit: String
  /// What values are multiplied with before they are printed: 100 for a share in percentage points.
  package let scale: Double
  package let places: Int
  package let higherIsBetter: Bool

  package init(unit: String, scale: Double = 1, places: Int, higherIsBetter: Bool) {
    self.unit = unit
    self.scale = scale
    self.places = places
    self.higherIsBetter = higherIsBetter
  }

  /// A share of right answers, differences of which are told in percentage points.
  package static let accuracy = Measure(unit: "points", scale: 100, places: 1, higherIsBetter: true)
  package static let loss = Measure(unit: "", places: 3, higherIsBetter: false)
  package static let seconds = Measure(unit: "s", places: 2, higherIsBetter: false)

  /// "6.6", without the unit.
  func text(_ value: Double) -> String { decimalText(value * scale, places: places) }

  /// "6.6 points"
  func textWithUnit(_ value: Double) -> String { unit.isEmpty ? text(value) : text(value) + " " + unit }

  /// "± 1.0 points", "± 0.25 points": a width that somebody asked for, with as many digits as it was asked with.
  package func aim(_ halfWidth: Double) -> String {
    let value = halfWidth * scale
    // What was divided by the scale and is multiplied with it again may be some roundings off.
    let digits = (places...max(places, 12)).first { digits in
      abs((Double(decimalText(value, places: digits)) ?? .infinity) - value) <= value * 1e-12
    }
    return "± " + decimalText(value, places: digits ?? 12) + (unit.isEmpty ? "" : " " + unit)
  }

  /// "0.1 points": the least that is printed.
  var lastDigit: String {
    var digit = 1.0
    for _ in 0..<places { digit /= 10 }
    return decimalText(digit, places: places) + (unit.isEmpty ? "" : " " + unit)
  }

  /// "95 % interval 5.9 to 7.3"
  func text(_ interval: Interval) -> String {
    let percent = interval.level * 100
    let level = decimalText(percent, places: abs(percent - percent.rounded()) < 1e-9 ? 0 : 1)
    return "\(level) % interval \(text(interval.low)) to \(text(interval.high))"
  }
}
