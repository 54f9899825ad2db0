import Glibc

/// The standard normal distribution.
package enum NormalDistribution {
  /// P(Z ≤ x) = ½ erfc(−x / √2)
  package static func cumulative(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

  /// P(|Z| ≥ |x|)
  package static func twoSidedTail(_ x: Double) -> Double { erfc(abs(x) / 2.0.squareRoot()) }

  /// The x with P(Z ≤ x) = p.
  ///
  /// A rational approximation good to 4.5e-4, polished by Halley's method on the distribution function itself: each step
  /// cubes the error, so two suffice and a third costs nothing.
  ///
  /// - Parameter p: in (0, 1)
  /// - Source: Abramowitz & Stegun 1964, 26.2.23 (start)
  package static func quantile(_ p: Double) -> Double {
    precondition(p > 0 && p < 1, "a normal quantile needs 0 < p < 1")
    // Only lower tails: near p = 1 the distribution function has no digits left to polish with.
    if p > 0.5 { return -quantile(1 - p) }
    let t = (-2 * log(p)).squareRoot()
    let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
    let denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    var x = numerator / denominator - t
    for _ in 0..<3 {
      let density = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
      let newton = (cumulative(x) - p) / density
      x -= newton / (1 + x * newton / 2)
    }
    return x
  }
}
