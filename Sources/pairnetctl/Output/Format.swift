import Glibc
import PairCore

/// Numbers as tables show them.
enum Format {
  /// `value` with exactly that many decimals, correctly rounded.
  static func fixed(_ value: Double, decimals: Int) -> String {
    // Room for the 309 digits of the largest double.
    var buffer = [CChar](repeating: 0, count: 320 + decimals)
    let capacity = buffer.count
    let length = withVaList([CInt(decimals), value]) { vsnprintf(&buffer, capacity, "%.*f", $0) }
    let text = String(decoding: buffer[..<Int(length)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // -0.04 to one decimal is 0.0.
    return text.hasPrefix("-") && text.allSatisfy({ "-0.".contains($0) }) ? String(text.dropFirst()) : text
  }

  /// A fraction in 0...1 as a percentage, without the sign: 0.8304 is `83.0`.
  static func percent(_ fraction: Double, decimals: Int = 1) -> String { fixed(fraction * 100, decimals: decimals) }

  /// `1,000,000`
  static func count(_ value: Int) -> String {
    var text = ""
    let digits = String(value.magnitude)
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return value < 0 ? "-\(text)" : text
  }

  /// `1 job`, `2 jobs`.
  static func count(_ value: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(count(value)) \(value == 1 ? noun : plural ?? "\(noun)s")"
  }

  /// A span as a clock shows it, rounded to seconds: `0:07`, `12:34`, `3:25:45`.
  static func clock(seconds: Double) -> String {
    let whole = Int(max(0, seconds.isFinite ? min(seconds, 3.6e9) : 0).rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
  }

  /// A parameter's value for a person: `yes` and `no` for flags, no decimals where there are none.
  static func value(_ value: ParameterValue) -> String {
    switch value {
    case .flag(let flag): flag ? "yes" : "no"
    case .number(let number): plain(number)
    case .integer, .text: value.description
    }
  }

  /// The shortest text that reads back as `number`; whole numbers without a point.
  static func plain(_ number: Double) -> String {
    guard let whole = Int64(exactly: number) else { return String(number) }
    return String(whole)
  }

  /// Ids as a person writes them: `1-3,7`.
  static func ranges(_ ids: [Int64]) -> String {
    var parts: [String] = []
    var index = ids.startIndex
    while index < ids.endIndex {
      var end = index
      while end + 1 < ids.endIndex, ids[end + 1] == ids[end] + 1 { end += 1 }
      parts.append(end == index ? "\(ids[index])" : "\(ids[index])-\(ids[end])")
      index = end + 1
    }
    return parts.joined(separator: ",")
  }

  /// `text` without control characters, which a terminal would obey.
  static func printable(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
  }
}
