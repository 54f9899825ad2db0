import KernelAPI

/// Inverted dropout: a unit is zero with probability p, else multiplied by 1/(1 − p).
///
/// The random numbers have 16 bits, so p is rounded to a multiple of 2⁻¹⁶ and the scale is the rounded one's: the
/// expectation is exact. Which units are dropped is a pure function of the seed, the step and the site: a training
/// that resumes needs no generator's state.
///
/// - Source: Srivastava et al. 2014, section 10 (the inverted form)
package struct Dropout: Hashable, Sendable {
  /// Numbers below it drop their unit: 1...65535.
  package let threshold: UInt32
  package let keepScale: Float
  private let key: SIMD2<UInt32>

  /// Nil for a probability so small that nothing would be dropped.
  ///
  /// - Parameter probability: in [0, 1)
  package init?(probability: Double, seed: Int64) {
    precondition((0..<1).contains(probability), "dropout \(probability) is not in [0, 1)")
    let threshold = UInt32(min((probability * 65_536).rounded(), 65_535))
    guard threshold > 0 else { return nil }
    self.threshold = threshold
    keepScale = 65_536 / Float(65_536 - threshold)
    key = RandomStream(seed: seed, purpose: .dropout).key
  }

  /// The multipliers of `count` units of a site at a step.
  package func draw(_ pass: Pass, step: UInt32, site: UInt32, count: Int, into multipliers: MutableFloats) {
    pass.kernels.dropoutMultipliers(
      count: count, key: key, step: step, purpose: RandomStream.Purpose.dropout.rawValue, site: site,
      threshold: threshold, keepScale: keepScale, output: multipliers)
  }
}
