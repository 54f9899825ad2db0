/// A length of time as people write it: `90`, `45s`, `10m`, `1.5h`, `2d`.
package struct TimeSpan: Hashable, Sendable, CustomStringConvertible {
  package var seconds: Double

  private static let units: [(letter: Character, seconds: Double)] = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)]

  package init(seconds: Double) { self.seconds = seconds }

  /// - Parameter text: a number, of seconds unless a letter follows.
  /// - Returns: nil if it is none, or not above 0.
  package init?(parsing text: String) {
    var number = text.trimmed
    var unit = 1.0
    if let last = number.last, let known = Self.units.first(where: { $0.letter == last }) {
      unit = known.seconds
      number.removeLast()
    }
    guard number.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".") }),
      let value = Double(number), value.isFinite, value > 0
    else { return nil }
    seconds = value * unit
  }

  /// In the largest unit that divides it: `10m`, `90s`, `0.5s`.
  package var description: String {
    for unit in Self.units {
      let count = seconds / unit.seconds
      if count >= 1, count == count.rounded(), count < 1e15 { return "\(Int(count))\(unit.letter)" }
    }
    return "\(seconds)s"
  }
}
