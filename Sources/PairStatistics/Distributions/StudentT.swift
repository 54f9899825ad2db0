import Glibc

/// Student's t distribution with ν > 0 degrees of freedom, not necessarily whole (Welch's are not).
///
/// - Source: Student 1908, Biometrika 6(1); as an incomplete beta function in Abramowitz & Stegun 1964, 26.7.1 and 26.5.27
package struct StudentT {
  /// ν
  package let degreesOfFreedom: Double

  package init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "Student's t needs more than 0 degrees of freedom")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// P(|T| ≥ |t|) = Iₓ(ν/2, ½) with x = ν / (ν + t²).
  package func twoSidedTail(_ t: Double) -> Double {
    let degrees = degreesOfFreedom
    let square = t * t
    guard square.isFinite else { return 0 }
    // Both parts as quotients: 1 − x would lose all digits of a small t²/ν.
    return IncompleteBeta(
      x: degrees / (degrees + square), complement: square / (degrees + square), a: degrees / 2, b: 0.5
    ).lower
  }

  /// P(T ≤ t)
  package func cumulative(_ t: Double) -> Double {
    let half = twoSidedTail(t) / 2
    return t > 0 ? 1 - half : half
  }

  /// (1 + t²/ν)^(−(ν+1)/2) / (√ν B(ν/2, ½))
  package func density(_ t: Double) -> Double {
    let degrees = degreesOfFreedom
    return exp(-(degrees + 1) / 2 * log1p(t * t / degrees) - logBeta(degrees / 2, 0.5)) / degrees.squareRoot()
  }

  /// The critical value c > 0 with P(|T| ≥ c) = `tail`: 2.262… for ν = 9 and 0.05.
  ///
  /// Solved for in ln c on the logarithm of the tail, which is nearly straight there even where c is huge (ν = 1).
  ///
  /// - Parameter tail: in (0, 1): 0.05 for an interval of 95 %.
  package func criticalValue(twoSidedTail tail: Double) -> Double {
    precondition(tail > 0 && tail < 1, "a critical value needs a tail between 0 and 1")
    let wanted = log(tail)
    let start = log(-NormalDistribution.quantile(tail / 2))
    // The tails of t are heavier than the normal's, so the normal quantile is a lower bound.
    var low = start - 1e-9
    var high = start + 1
    while log(twoSidedTail(exp(high))) > wanted {
      low = high
      high += max(1, abs(high))
    }
    let root = monotoneRoot(between: low, and: high, start: max(start, low)) { logC in
      let c = exp(logC)
      let tail = twoSidedTail(c)
      return (log(tail) - wanted, -2 * density(c) * c / tail)
    }
    return exp(root)
  }

  /// The t with P(T ≤ t) = p, p in (0, 1).
  package func quantile(_ p: Double) -> Double {
    precondition(p > 0 && p < 1, "a quantile needs 0 < p < 1")
    if p == 0.5 { return 0 }
    return p < 0.5 ? -criticalValue(twoSidedTail: 2 * p) : criticalValue(twoSidedTail: 2 * (1 - p))
  }
}
