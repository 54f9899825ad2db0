import PairNN
import Testing

@Suite struct DropoutTests {
  @Test(
    "Dropout keeps the expectation, and rounds its probability by less than 2⁻¹⁶",
    arguments: [0.1, 0.2, 0.5, 0.8, 0.99999])
  func expectation(probability: Double) throws {
    let dropout = try #require(Dropout(probability: probability, seed: 1))
    let rounded = Double(dropout.threshold) / 65_536
    #expect(abs(rounded - probability) <= 0x1p-16)
    #expect(abs(Double(dropout.keepScale) * (1 - rounded) - 1) < 1e-6)
  }

  @Test("A probability of zero drops nothing")
  func nothing() {
    #expect(Dropout(probability: 0, seed: 1) == nil)
  }
}
