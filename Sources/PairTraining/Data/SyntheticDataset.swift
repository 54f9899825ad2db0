import SyntheticDigits

/// The dataset that needs no files: handwritten-looking digits drawn by pairnet itself.
package enum SyntheticDataset {
  package static let name = "synthetic"
  package static let trainCount = 6_000
  package static let testCount = 3_000
  static let summary =
    "drawn by pairnet (version \(DigitGenerator.version)): \(trainCount) train and \(testCount) test images"

  /// Number of the first test image: far beyond any train image, whatever their counts become.
  private static let firstTestImage: UInt32 = 0x8000_0000

  package static func draw() -> Dataset {
    let train = DigitGenerator.draw(first: 0, count: trainCount, side: LabelledImages.side)
    let test = DigitGenerator.draw(first: firstTestImage, count: testCount, side: LabelledImages.side)
    return Dataset(
      name: name, train: LabelledImages(images: train.images, labels: train.labels),
      test: LabelledImages(images: test.images, labels: test.labels))
  }
}
