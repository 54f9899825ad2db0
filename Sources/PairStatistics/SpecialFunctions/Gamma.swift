import Glibc

// The statistics use the C library's exp, log, log1p and erfc. They describe results after the fact, so the rule that a
// job's results are the same bits on every machine does not reach them: their last digits may differ between systems.

/// ln Γ(x) for x > 0.
///
/// Below 10 the argument is shifted upwards by Γ(x + 1) = x Γ(x); from there on Stirling's series holds to the last digit.
/// Own code, since C's `lgamma` writes a global variable (`signgam`).
///
/// - Source: Abramowitz & Stegun 1964, 6.1.15 (recurrence) and 6.1.40 (series)
package func logGamma(_ x: Double) -> Double {
  precondition(x > 0, "logGamma is defined here for x > 0")
  var shifted = x
  var product = 1.0
  while shifted < 10 {
    product *= shifted
    shifted += 1
  }
  let halfLogTwoPi = 0.918_938_533_204_672_741_78
  return (shifted - 0.5) * log(shifted) - shifted + halfLogTwoPi + stirlingCorrection(shifted) - log(product)
}

/// Δ(x) = ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π] for x ≥ 10, to an absolute error below 3e-17.
///
/// - Source: Abramowitz & Stegun 1964, 6.1.41
func stirlingCorrection(_ x: Double) -> Double {
  assert(x >= 10)
  let inverse = 1 / x
  let square = inverse * inverse
  var sum = 1.0 / 156
  for coefficient in [-691.0 / 360_360, 1.0 / 1188, -1.0 / 1680, 1.0 / 1260, -1.0 / 360, 1.0 / 12] {
    sum = sum * square + coefficient
  }
  return sum * inverse
}

/// ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b) for a, b > 0.
///
/// For large arguments the three terms would cancel (at a = 1e6 nine digits are lost), so there the leading terms of
/// Stirling's series are combined by hand.
///
/// - Source: Didonato & Morris 1992, ACM TOMS 18(3) algorithm 708, the functions BETALN, BCORR and ALGDIV
package func logBeta(_ a: Double, _ b: Double) -> Double {
  let small = min(a, b)
  let large = max(a, b)
  guard large >= 10 else { return logGamma(a) + logGamma(b) - logGamma(a + b) }
  let total = small + large
  let logLargeShare = log1p(-small / total)  // ln(large / total)
  let corrections = stirlingCorrection(large) - stirlingCorrection(total)
  guard small >= 10 else {
    return logGamma(small) + corrections + small - small * log(total) + (large - 0.5) * logLargeShare
  }
  let halfLogTwoPi = 0.918_938_533_204_672_741_78
  return halfLogTwoPi - 0.5 * log(large) + stirlingCorrection(small) + corrections
    + (small - 0.5) * log(small / total) + large * logLargeShare
}
