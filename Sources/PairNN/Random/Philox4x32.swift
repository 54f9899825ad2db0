/// Philox4x32-10: a counter-based generator; the same counter and key always give the same four words.
///
/// - Source: Salmon, Moraes, Dror & Shaw 2011, "Parallel Random Numbers: As Easy as 1, 2, 3", section 3.3; the constants
///   and known answers are those of the authors' Random123 library.
package enum Philox4x32 {
  package static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var counter = counter
    var key = key
    for round in 0..<10 {
      if round > 0 { key &+= SIMD2(0x9E37_79B9, 0xBB67_AE85) }
      let product0 = UInt64(counter.x) &* 0xD251_1F53
      let product1 = UInt64(counter.z) &* 0xCD9E_8D57
      counter = SIMD4(
        UInt32(truncatingIfNeeded: product1 &>> 32) ^ counter.y ^ key.x, UInt32(truncatingIfNeeded: product1),
        UInt32(truncatingIfNeeded: product0 &>> 32) ^ counter.w ^ key.y, UInt32(truncatingIfNeeded: product0))
    }
    return counter
  }
}
