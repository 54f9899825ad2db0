import PairCore
import PairNN

/// All that a job trains and tests on.
package struct PairData: Sendable {
  package let train: PairSet
  /// What the network is evaluated on.
  package let test: PairSet
  /// Mean grey value, 0...255, of the train pairs' pooled pixels.
  package let mean: Double
  /// Unbiased standard deviation of the same pixels.
  package let standardDeviation: Double

  /// Bytes of pixels.
  var byteCount: Int { (train.images.count + test.images.count) * MemoryLayout<Float>.stride }

  /// The pairs that the spec's seed draws, without replacement: train pairs from the train images, test pairs from the
  /// test images or, for `evaluate_on: validation`, from the train images that are left.
  ///
  /// - Throws: `DatasetError.unsuited` if the dataset has too few images, naming the key and the most that it gives.
  package init(dataset: Dataset, spec: JobSpec) throws(DatasetError) {
    let train = try PairDraw.indices(.train, of: dataset, count: spec.trainPairs, seed: spec.seed)
    let test =
      switch spec.evaluateOn {
      case .test:
        try RawPairs(.test, of: dataset, count: spec.testPairs, seed: spec.seed)
      case .validation:
        RawPairs(
          of: dataset.train,
          indices: try PairDraw.validationIndices(of: dataset, besides: train, count: spec.testPairs, seed: spec.seed))
      }
    try self.init(train: RawPairs(of: dataset.train, indices: train), test: test, from: dataset)
  }

  /// Pair i of a split holds the images numbered `[2i]` and `[2i + 1]` in the list given for it.
  ///
  /// - Throws: `DatasetError.unusable` if all train pixels are equal, which nothing can standardise.
  package init(dataset: Dataset, train: [Int], test: [Int]) throws(DatasetError) {
    try self.init(
      train: RawPairs(of: dataset.train, indices: train), test: RawPairs(of: dataset.test, indices: test),
      from: dataset)
  }

  private init(train trainPairs: RawPairs, test testPairs: RawPairs, from dataset: Dataset) throws(DatasetError) {
    let moments = PixelMoments(of: trainPairs.quadruples)
    guard moments.standardDeviation > 0 else {
      throw .unusable(
        path: "dataset '\(dataset.name)'", reason: "the drawn train images are all of one grey, so nothing is in them")
    }
    train = PairSet(trainPairs, standardisedBy: moments)
    test = PairSet(testPairs, standardisedBy: moments)
    mean = moments.mean
    standardDeviation = moments.standardDeviation
  }
}
