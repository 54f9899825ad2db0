import Glibc

/// The beta distribution with a, b > 0, whose quantiles are the limits of exact binomial intervals.
package struct BetaDistribution {
  package let a: Double
  package let b: Double

  package init(a: Double, b: Double) {
    precondition(a > 0 && b > 0, "a beta distribution needs a > 0 and b > 0")
    self.a = a
    self.b = b
  }

  /// P(X ≤ x) = Iₓ(a, b)
  package func cumulative(_ x: Double) -> Double { IncompleteBeta(x: x, a: a, b: b).lower }

  /// xᵃ⁻¹ (1 − x)ᵇ⁻¹ / B(a, b) for 0 < x < 1
  package func density(_ x: Double) -> Double { exp((a - 1) * log(x) + (b - 1) * log1p(-x) - logBeta(a, b)) }

  /// The x with P(X ≤ x) = p, p in (0, 1).
  package func quantile(_ p: Double) -> Double {
    precondition(p > 0 && p < 1, "a quantile needs 0 < p < 1")
    return monotoneRoot(between: 0, and: 1, start: a / (a + b)) { x in
      guard x > 0 && x < 1 else { return (x - p, 1) }
      return (cumulative(x) - p, density(x))
    }
  }
}
