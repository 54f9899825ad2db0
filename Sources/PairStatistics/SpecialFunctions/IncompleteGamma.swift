import Glibc

/// The regularised incomplete gamma function P(a, x) = ∫₀ˣ tᵃ⁻¹ e⁻ᵗ dt / Γ(a) for a > 0, x ≥ 0.
///
/// - Source: Abramowitz & Stegun 1964, 6.5.29 (series, for x < a + 1) and 6.5.31 (continued fraction, beyond), the
///   fraction evaluated by Lentz' method as modified by Thompson & Barnett 1986
package func regularisedIncompleteGamma(_ a: Double, _ x: Double) -> Double {
  precondition(a > 0 && x >= 0, "the incomplete gamma function needs a > 0 and x ≥ 0")
  guard x > 0 else { return 0 }
  let front = exp(a * log(x) - x - logGamma(a))
  if x < a + 1 {
    // xᵃ e⁻ˣ / Γ(a) · Σ xⁿ / (a (a + 1) … (a + n))
    var term = 1 / a
    var sum = term
    var n = a
    while term > 1e-17 * sum {
      n += 1
      term *= x / n
      sum += term
    }
    return min(1, front * sum)
  }
  // 1 − xᵃ e⁻ˣ / Γ(a) · 1 / (x + 1 − a − 1 (1 − a) / (x + 3 − a − 2 (2 − a) / (x + 5 − a − …)))
  let tiny = 1e-300
  var b = x + 1 - a
  var c = 1 / tiny
  var d = 1 / b
  var fraction = d
  var i = 0.0
  while true {
    i += 1
    let numerator = -i * (i - a)
    b += 2
    d = numerator * d + b
    d = 1 / (abs(d) < tiny ? tiny : d)
    c = b + numerator / c
    if abs(c) < tiny { c = tiny }
    let change = c * d
    fraction *= change
    if abs(change - 1) <= 1e-15 { return max(0, 1 - front * fraction) }
  }
}
