import PairCore
import PairNN

/// Which images a seed pairs.
package enum PairDraw {
  /// `2 * count` different image numbers; pair i is (`[2i]`, `[2i + 1]`).
  ///
  /// - Throws: `DatasetError.unsuited` if the split has too few images.
  package static func indices(
    _ split: Split, of dataset: Dataset, count: Int, seed: Int64
  ) throws(DatasetError) -> [Int] {
    try check(count, from: split, of: dataset)
    var stream = RandomStream(seed: seed, purpose: split == .train ? .trainPairs : .testPairs)
    return stream.sample(2 * count, below: dataset[split].count)
  }

  /// Whether that many pairs can be drawn, without drawing them.
  ///
  /// - Throws: `DatasetError.unsuited` if the split has too few images.
  package static func check(_ count: Int, from split: Split, of dataset: Dataset) throws(DatasetError) {
    let available = dataset[split].count
    guard count <= available / 2 else {
      let key = split == .train ? Parameter.trainPairs.key : Parameter.testPairs.key
      throw .unsuited(
        SpecError(
          key: key, value: String(count),
          allowed: "dataset '\(dataset.name)' has \(available) \(split) images: give at most \(available / 2)",
          isUnfit: true))
    }
  }

  /// `2 * count` train images that are not in `trainIndices`, to validate on.
  ///
  /// - Throws: `DatasetError.unsuited` if too few are left.
  package static func validationIndices(
    of dataset: Dataset, besides trainIndices: [Int], count: Int, seed: Int64
  ) throws(DatasetError) -> [Int] {
    let used = Set(trainIndices)
    try checkValidation(count, besides: used.count / 2, of: dataset)
    let left = (0..<dataset.train.count).filter { !used.contains($0) }
    var stream = RandomStream(seed: seed, purpose: .validationPairs)
    return stream.sample(2 * count, below: left.count).map { left[$0] }
  }

  /// Whether that many validation pairs are left beside `trainPairs`, without drawing them.
  ///
  /// - Throws: `DatasetError.unsuited` if too few are left.
  package static func checkValidation(
    _ count: Int, besides trainPairs: Int, of dataset: Dataset
  ) throws(DatasetError) {
    let left = dataset.train.count - 2 * trainPairs
    guard count <= left / 2 else {
      throw .unsuited(
        SpecError(
          key: Parameter.testPairs.key, value: String(count),
          allowed: "\(trainPairs) train pairs leave \(left) train images of dataset '\(dataset.name)' to "
            + "validate on: give \(left < 2 ? "fewer train pairs" : "at most \(left / 2)")",
          isUnfit: true))
    }
  }
}
