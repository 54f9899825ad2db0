import KernelAPI

extension ReferenceKernels {
  public static func dropoutMultipliers(
    count: Int, key: SIMD2<UInt32>, step: UInt32, purpose: UInt32, site: UInt32, threshold: UInt32,
    keepScale: Float, output: MutableFloats
  ) {
    for element in 0..<count {
      let block = 8 * (element / 64) + element % 16 / 2
      let words = philox([UInt32(block), step, purpose, site], [key.x, key.y])
      let word = words[element % 64 / 32 * 2 + element % 2]
      let number = element / 16 % 2 == 0 ? word & 0xFFFF : word >> 16
      output[element] = number < threshold ? 0 : keepScale
    }
  }

  /// Philox4x32-10 as the paper's figure has it.
  private static func philox(_ counter: [UInt32], _ key: [UInt32]) -> [UInt32] {
    var counter = counter
    var key = key
    for _ in 0..<10 {
      let product0 = counter[0].multipliedFullWidth(by: 0xD251_1F53)
      let product1 = counter[2].multipliedFullWidth(by: 0xCD9E_8D57)
      counter = [
        product1.high ^ counter[1] ^ key[0], product1.low, product0.high ^ counter[3] ^ key[1], product0.low,
      ]
      key = [key[0] &+ 0x9E37_79B9, key[1] &+ 0xBB67_AE85]
    }
    return counter
  }
}
