/// Pairs of digits before standardisation.
package struct RawPairs: Hashable, Sendable {
  /// Four times the pooled grey values, 0...1020: (N, 2, 14, 14).
  package let quadruples: [UInt16]
  /// (N, 2)
  package let digits: [Int32]

  package var count: Int { digits.count / 2 }

  /// 1 where digit 1 ≤ digit 2, else 0: (N).
  package var targets: [Int32] {
    (0..<count).map { digits[2 * $0] <= digits[2 * $0 + 1] ? 1 : 0 }
  }

  /// Pair i holds the images numbered `indices[2i]` and `indices[2i + 1]`.
  package init(of source: LabelledImages, indices: [Int]) {
    precondition(indices.count.isMultiple(of: 2), "two images a pair")
    var quadruples: [UInt16] = []
    quadruples.reserveCapacity(indices.count * MeanPooling.pixelCount)
    for index in indices {
      MeanPooling.appendQuadruples(of: index, in: source, to: &quadruples)
    }
    self.quadruples = quadruples
    digits = indices.map { Int32(source.labels[$0]) }
  }

  /// The first `count` pairs of a job with that seed, however many the job has: a larger draw begins with a smaller one.
  ///
  /// - Throws: `DatasetError.unsuited` if the split has too few images.
  package init(
    _ split: Split, of dataset: Dataset, count: Int, seed: Int64
  ) throws(DatasetError) {
    self.init(of: dataset[split], indices: try PairDraw.indices(split, of: dataset, count: count, seed: seed))
  }

  /// The pooled grey values, rounded to 0...255, of digit 0 or 1 of a pair: (14, 14).
  package func grey(pair: Int, digit: Int) -> [UInt8] {
    precondition((0..<count).contains(pair) && (0...1).contains(digit), "no such digit")
    let start = (2 * pair + digit) * MeanPooling.pixelCount
    return quadruples[start..<start + MeanPooling.pixelCount].map { UInt8(($0 + 2) / 4) }
  }
}
