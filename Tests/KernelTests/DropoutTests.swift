import KernelAPI
import KernelsReference
import PairNN
import Testing

@Suite struct DropoutTests {
  @Test(
    "The vectorised Philox drops what the scalar one says", arguments: InstructionSet.available,
    [16, 48, 64, 80, 25 * 208])
  func philox(set: InstructionSet, count: Int) {
    let key = SIMD2<UInt32>(0xA409_3822, 0x299F_31D0)
    // Fifty thresholds tell any two 16-bit numbers apart that differ by more than 2 %.
    for threshold in stride(from: UInt32(1), through: 65_535, by: 1_310) {
      var multipliers = [Float](repeating: .nan, count: count)
      set.kernels.dropoutMultipliers(
        count: count, key: key, step: 0xFFFF_FFFE, purpose: 5, site: 3, threshold: threshold, keepScale: 1.25,
        output: &multipliers)
      let expected = (0..<count).map { element -> Float in
        let block = UInt32(8 * (element / 64) + element % 16 / 2)
        let words = Philox4x32.block(counter: SIMD4(block, 0xFFFF_FFFE, 5, 3), key: key)
        let word = words[element % 64 / 32 * 2 + element % 2]
        return (element / 16 % 2 == 0 ? word & 0xFFFF : word >> 16) < threshold ? 0 : 1.25
      }
      #expect(multipliers == expected, "threshold \(threshold)")
      var reference = multipliers
      ReferenceKernels.dropoutMultipliers(
        count: count, key: key, step: 0xFFFF_FFFE, purpose: 5, site: 3, threshold: threshold, keepScale: 1.25,
        output: &reference)
      #expect(reference == expected)
    }
  }
}
