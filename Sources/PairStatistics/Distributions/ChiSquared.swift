import Glibc

/// The distribution of (n − 1) s² / σ² for normal values, with ν = n − 1 degrees of freedom: what is known of a spread.
package struct ChiSquared {
  package let degreesOfFreedom: Double

  package init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "chi squared needs more than 0 degrees of freedom")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// P(X ≤ x) = P(ν/2, x/2)
  ///
  /// - Source: Abramowitz & Stegun 1964, 26.4.19
  package func cumulative(_ x: Double) -> Double { regularisedIncompleteGamma(degreesOfFreedom / 2, x / 2) }

  /// (x/2)^(ν/2 − 1) e^(−x/2) / (2 Γ(ν/2)) for x > 0
  package func density(_ x: Double) -> Double {
    exp((degreesOfFreedom / 2 - 1) * log(x / 2) - x / 2 - logGamma(degreesOfFreedom / 2)) / 2
  }

  /// The x with P(X ≤ x) = p, p in (0, 1).
  package func quantile(_ p: Double) -> Double {
    precondition(p > 0 && p < 1, "a quantile needs 0 < p < 1")
    var high = degreesOfFreedom + 1
    while cumulative(high) < p { high *= 2 }
    return monotoneRoot(between: 0, and: high, start: min(degreesOfFreedom, high)) { x in
      guard x > 0 else { return (-p, 1) }
      return (cumulative(x) - p, density(x))
    }
  }
}
