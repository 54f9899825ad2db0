import PairCore
import PairNN

/// All that a job trains and tests on.
package struct PairData: Sendable {
  package let train: PairSet
  package let test: PairSet
  /// Mean grey value, 0...255, of the train pairs' pooled pixels.
  package let mean: Double
  /// Unbiased standard deviation of the same pixels.
  package let standardDeviation: Double

  /// Bytes of pixels.
  var byteCount: Int { (train.images.count + test.images.count) * MemoryLayout<Float>.stride }

  /// The pairs that the spec's seed draws, without replacement, train from train and test from test.
  ///
  /// - Throws: `DatasetError.unsuited` if the dataset has too few images, naming the key and the most that it gives.
  package init(dataset: Dataset, spec: JobSpec) throws(DatasetError) {
    try self.init(
      dataset: dataset,
      train: PairDraw.indices(.train, of: dataset, count: spec.trainPairs, seed: spec.seed),
      test: PairDraw.indices(.test, of: dataset, count: spec.testPairs, seed: spec.seed))
  }

  /// Pair i of a split holds the images numbered `[2i]` and `[2i + 1]` in the list given for it.
  ///
  /// - Throws: `DatasetError.unusable` if all train pixels are equal, which nothing can standardise.
  package init(dataset: Dataset, train trainIndices: [Int], test testIndices: [Int]) throws(DatasetError) {
    let trainPairs = RawPairs(of: dataset.train, indices: trainIndices)
    let moments = PixelMoments(of: trainPairs.quadruples)
    guard moments.standardDeviation > 0 else {
      throw .unusable(
        path: "dataset '\(dataset.name)'", reason: "the drawn train images are all of one grey, so nothing is in them")
    }
    train = PairSet(trainPairs, standardisedBy: moments)
    test = PairSet(RawPairs(of: dataset.test, indices: testIndices), standardisedBy: moments)
    mean = moments.mean
    standardDeviation = moments.standardDeviation
  }
}
