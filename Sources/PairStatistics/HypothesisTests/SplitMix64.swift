/// A small generator for random sign patterns: the same seed, the same p value.
///
/// The random numbers of training have their own, counter-based generator; this room depends on nothing.
///
/// - Source: Steele, Lea & Flood 2014, "Fast Splittable Pseudorandom Number Generators", with the constants of
///   Stafford's variant 13
package struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word &>> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word &>> 31)
  }
}
