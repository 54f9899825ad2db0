import Glibc

/// A number with a fixed count of decimals, "-0.5", correctly rounded; a zero has no sign.
package func decimalText(_ value: Double, places: Int) -> String {
  precondition(value.isFinite && (0...17).contains(places), "a finite number and up to 17 places")
  // Up to 309 digits before the point.
  var buffer = [CChar](repeating: 0, count: 336)
  let length = withVaList([Int32(places), value]) { vsnprintf(&buffer, buffer.count, "%.*f", $0) }
  let text = String(decoding: buffer[..<Int(length)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  let isZero = text.allSatisfy { "-0.".contains($0) }
  return isZero && text.hasPrefix("-") ? String(text.dropFirst()) : text
}

/// A p value as one reads it: "p = 0.35", "p = 0.012", "p < 0.0001".
///
/// Where three digits would hide on which side of 0.05 it lies, it has four.
package func pValueText(_ p: Double) -> String {
  precondition((0...1).contains(p), "p values lie in 0...1")
  if p < 0.0001 { return "p < 0.0001" }
  let nearThreshold = p >= 0.0495 && p < 0.0505
  let places = p >= 0.1 ? 2 : p >= 0.001 && !nearThreshold ? 3 : 4
  return "p = " + decimalText(p, places: places)
}
