import KernelAPI

/// Eight 32-bit words in the low halves of eight lanes: what a 32 x 32 -> 64 bit multiplication takes.
private typealias Words = SIMD8<UInt64>

extension VectorKernels {
  public static func dropoutMultipliers(
    count: Int, key: SIMD2<UInt32>, step: UInt32, purpose: UInt32, site: UInt32, threshold: UInt32,
    keepScale: Float, output: MutableFloats
  ) {
    assert(count % laneCount == 0)
    let low16 = SIMD16<UInt32>(repeating: 0xFFFF)
    let bound = SIMD16<UInt32>(repeating: threshold)
    let kept = splat(keepScale)
    @inline(always) func multipliers(_ numbers: SIMD16<UInt32>) -> Vector {
      // As signed integers, for which there is one comparison on every machine; both are below 2¹⁷.
      let isDropped =
        unsafeBitCast(numbers, to: IntegerVector.self) .< unsafeBitCast(bound, to: IntegerVector.self)
      return kept.replacing(with: Vector.zero, where: isDropped)
    }
    var offset = 0
    var block: UInt64 = 0
    while offset < count {
      let counters = Words(repeating: block) &+ Words(0, 1, 2, 3, 4, 5, 6, 7)
      let words = philox(counters, step, purpose, site, key)
      let first = unsafeBitCast(words.0 | (words.1 &<< Words(repeating: 32)), to: SIMD16<UInt32>.self)
      let second = unsafeBitCast(words.2 | (words.3 &<< Words(repeating: 32)), to: SIMD16<UInt32>.self)
      let sixteen = SIMD16<UInt32>(repeating: 16)
      output.store(multipliers(first & low16), offset)
      if offset + 16 < count { output.store(multipliers(first &>> sixteen), offset + 16) }
      if offset + 32 < count { output.store(multipliers(second & low16), offset + 32) }
      if offset + 48 < count { output.store(multipliers(second &>> sixteen), offset + 48) }
      offset += 64
      block += 8
    }
  }

  /// Philox4x32-10 of eight counters (block, y, z, w) at once.
  ///
  /// - Source: Salmon et al. 2011, as `Philox4x32`, which computes one
  @inline(always) private static func philox(
    _ blocks: Words, _ y: UInt32, _ z: UInt32, _ w: UInt32, _ key: SIMD2<UInt32>
  ) -> (Words, Words, Words, Words) {
    let low32 = Words(repeating: 0xFFFF_FFFF)
    let multiplier0 = Words(repeating: 0xD251_1F53)
    let multiplier1 = Words(repeating: 0xCD9E_8D57)
    let thirtyTwo = Words(repeating: 32)
    var c0 = blocks
    var c1 = Words(repeating: UInt64(y))
    var c2 = Words(repeating: UInt64(z))
    var c3 = Words(repeating: UInt64(w))
    var key0 = key.x
    var key1 = key.y
    for _ in 0..<10 {
      let product0 = (c0 & low32) &* multiplier0
      let product1 = (c2 & low32) &* multiplier1
      c0 = (product1 &>> thirtyTwo) ^ c1 ^ Words(repeating: UInt64(key0))
      c1 = product1 & low32
      c2 = (product0 &>> thirtyTwo) ^ c3 ^ Words(repeating: UInt64(key1))
      c3 = product0 & low32
      key0 &+= 0x9E37_79B9
      key1 &+= 0xBB67_AE85
    }
    return (c0, c1, c2, c3)
  }
}
