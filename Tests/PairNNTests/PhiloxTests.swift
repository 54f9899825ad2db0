import PairNN
import Testing

@Suite struct PhiloxTests {
  /// Of Random123's file kat_vectors, "philox4x32 10".
  @Test(
    "Philox gives its authors' known answers",
    arguments: [
      (
        SIMD4<UInt32>(repeating: 0), SIMD2<UInt32>(repeating: 0),
        SIMD4<UInt32>(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8)
      ),
      (
        SIMD4<UInt32>(repeating: .max), SIMD2<UInt32>(repeating: .max),
        SIMD4<UInt32>(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD)
      ),
      (
        SIMD4<UInt32>(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344),
        SIMD2<UInt32>(0xA409_3822, 0x299F_31D0), SIMD4<UInt32>(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1)
      ),
    ])
  func knownAnswers(counter: SIMD4<UInt32>, key: SIMD2<UInt32>, answer: SIMD4<UInt32>) {
    #expect(Philox4x32.block(counter: counter, key: key) == answer)
  }

  @Test("Streams of different purpose, index or seed differ; the same stream repeats")
  func streams() {
    func words(_ seed: Int64, _ purpose: RandomStream.Purpose, _ index: UInt32) -> [UInt32] {
      var stream = RandomStream(seed: seed, purpose: purpose, index: index)
      return (0..<8).map { _ in stream.nextWord() }
    }
    #expect(words(1, .order, 1) == words(1, .order, 1))
    #expect(Set([words(1, .order, 1), words(2, .order, 1), words(1, .dropout, 1), words(1, .order, 2)]).count == 4)
  }

  @Test("A sample without replacement has no number twice", arguments: [0, 1, 100, 1000])
  func sample(count: Int) {
    var stream = RandomStream(seed: 7, purpose: .demonstration)
    let sample = stream.sample(count, below: 1000)
    #expect(sample.count == count && Set(sample).count == count && sample.allSatisfy((0..<1000).contains))
  }
}
