import Glibc

/// The regularised incomplete beta function Iₓ(a, b) = ∫₀ˣ tᵃ⁻¹ (1 − t)ᵇ⁻¹ dt / B(a, b), with its complement.
///
/// The complement is computed, not subtracted, where it is the smaller of the two, so that small tails keep their digits.
///
/// - Source: Didonato & Morris 1992, ACM TOMS 18(3) algorithm 708 (the continued fraction used here is the older one of
///   Abramowitz & Stegun 1964, 26.5.8); the side is chosen at x = (a + 1) / (a + b + 2) as in Press, Teukolsky, Vetterling
///   & Flannery 2007, "Numerical Recipes", 3rd edition, section 6.4
package struct IncompleteBeta {
  /// Iₓ(a, b)
  package let lower: Double
  /// 1 − Iₓ(a, b) = I₁₋ₓ(b, a)
  package let upper: Double

  /// - Parameters:
  ///   - x, complement: the argument and 1 − x, both in [0, 1]: whoever knows 1 − x more exactly than the subtraction
  ///     gives it (as Student's t does) passes it.
  ///   - a, b: > 0
  package init(x: Double, complement: Double, a: Double, b: Double) {
    precondition(a > 0 && b > 0, "the incomplete beta function needs a > 0 and b > 0")
    precondition((0...1).contains(x) && (0...1).contains(complement), "x must lie in 0...1")
    if x == 0 || complement == 0 {
      lower = x == 0 ? 0 : 1
      upper = 1 - lower
      return
    }
    // log1p of the smaller part: near 1 the logarithm of a rounded x would be all noise.
    let logX = x < 0.5 ? log(x) : log1p(-complement)
    let logComplement = x < 0.5 ? log1p(-x) : log(complement)
    let front = exp(a * logX + b * logComplement - logBeta(a, b))
    if x < (a + 1) / (a + b + 2) {
      lower = min(1, front * Self.continuedFraction(x: x, a: a, b: b) / a)
      upper = 1 - lower
    } else {
      upper = min(1, front * Self.continuedFraction(x: complement, a: b, b: a) / b)
      lower = 1 - upper
    }
  }

  package init(x: Double, a: Double, b: Double) {
    self.init(x: x, complement: 1 - x, a: a, b: b)
  }

  /// 1 / (1 + d₁ / (1 + d₂ / (1 + …))) with
  /// d₂ₘ = m (b − m) x / ((a + 2m − 1)(a + 2m)), d₂ₘ₊₁ = −(a + m)(a + b + m) x / ((a + 2m)(a + 2m + 1)).
  ///
  /// On the side chosen above it converges within O(√max(a, b)) steps.
  ///
  /// - Source: Abramowitz & Stegun 1964, 26.5.8; evaluated by Lentz' method as modified by Thompson & Barnett 1986
  private static func continuedFraction(x: Double, a: Double, b: Double) -> Double {
    let tiny = 1e-300
    let stepsMax = 100_000
    var c = 1.0
    var d = 1 - (a + b) * x / (a + 1)
    d = 1 / (abs(d) < tiny ? tiny : d)
    var fraction = d
    for step in 1...stepsMax {
      let m = Double(step)
      let a2m = a + 2 * m
      let even = m * (b - m) * x / ((a2m - 1) * a2m)
      d = 1 + even * d
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = 1 + even / c
      if abs(c) < tiny { c = tiny }
      fraction *= c * d
      let odd = -(a + m) * (a + b + m) * x / (a2m * (a2m + 1))
      d = 1 + odd * d
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = 1 + odd / c
      if abs(c) < tiny { c = tiny }
      let change = c * d
      fraction *= change
      if abs(change - 1) <= 1e-15 { return fraction }
    }
    preconditionFailure("the continued fraction of the incomplete beta function did not converge at \(x), \(a), \(b)")
  }
}
