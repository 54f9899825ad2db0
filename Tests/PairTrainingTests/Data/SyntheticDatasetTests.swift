import PairTraining
import SyntheticDigits
import Testing

@Suite("Synthetic digits")
struct SyntheticDatasetTests {
  static let dataset = SyntheticDataset.draw()

  @Test("Version 1 is the same bits on every machine, forever")
  func isFrozen() {
    #expect(DigitGenerator.version == 1)
    #expect(Self.dataset.digest == "ea1a90b81899e9c66cd75558e13adfb1cacf7ee6c965e6e33d71b378d1930f24")
  }

  @Test("Every digit is drawn about equally often", arguments: Split.allCases)
  func isBalanced(split: Split) {
    let labels = Self.dataset[split].labels
    let expected = Double(labels.count) / 10
    for digit in 0...9 {
      let count = Double(labels.count { $0 == digit })
      // Four standard deviations of a binomial count.
      #expect(abs(count - expected) < 4 * (expected * 0.9).squareRoot(), "digit \(digit)")
    }
  }

  @Test("Any range gives the same images")
  func rangesAgree() {
    let all = DigitGenerator.draw(first: 0, count: 20, side: 28)
    let some = DigitGenerator.draw(first: 15, count: 5, side: 28)
    #expect(some.images[...] == all.images[(15 * 784)...])
    #expect(some.labels[...] == all.labels[15...])
  }

  @Test("No two images are the same, and no test image is a train image")
  func allDiffer() {
    var seen = Set<ArraySlice<UInt8>>()
    for split in Split.allCases {
      let images = Self.dataset[split].images
      for start in stride(from: 0, to: images.count, by: 784) { seen.insert(images[start..<start + 784]) }
    }
    #expect(seen.count == SyntheticDataset.trainCount + SyntheticDataset.testCount)
  }

  @Test("Every digit is dark enough to see, and keeps clear of the paper's edge")
  func isLegible() {
    let images = Self.dataset.test.images
    for start in stride(from: 0, to: images.count, by: 784) {
      let image = images[start..<start + 784]
      #expect(image.max()! >= 200)
      let border = (0..<28).flatMap { (n: Int) -> [Int] in [n, 27 * 28 + n, 28 * n, 28 * n + 27] }
      #expect(border.allSatisfy { image[start + $0] == 0 })
    }
  }

  @Test("Pooled, they are about as dark and as varied as MNIST's")
  func resemblesMNIST() throws {
    let data = try PairData(dataset: Self.dataset, train: Array(0..<6_000), test: [0, 1])
    #expect(abs(data.mean - 33.2) < 2)
    #expect(abs(data.standardDeviation - 71.4) < 4)
  }
}
