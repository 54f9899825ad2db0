import PairCore
import PairNN
import Testing

@testable import PairTraining

@Suite("Pairs of digits")
struct PairDataTests {
  static let dataset = Dataset(name: "random", train: randomImages(60, seed: 1), test: randomImages(40, seed: 2))

  private func spec(
    trainPairs: Int = 25, testPairs: Int = 10, seed: Int64 = 1, evaluateOn: EvaluationSplit = .test
  ) throws -> JobSpec {
    try JobSpec(validating: [
      "dataset": .text("random"), "train_pairs": .integer(Int64(trainPairs)),
      "test_pairs": .integer(Int64(testPairs)), "seed": .integer(seed), "evaluate_on": .text(evaluateOn.rawValue),
      "batch_size": .integer(5),
    ])
  }

  /// The mean of a 2x2 square, computed from its definition.
  private func pooled(_ source: LabelledImages, _ image: Int, _ row: Int, _ column: Int) -> Double {
    var sum = 0.0
    for y in 0...1 {
      for x in 0...1 { sum += Double(source.images[image * 784 + (2 * row + y) * 28 + 2 * column + x]) }
    }
    return sum / 4
  }

  @Test("Pixels are pooled, and standardised by the train pairs' mean and unbiased deviation")
  func standardises() throws {
    let train = [3, 7, 59, 0, 12, 13]
    let test = [39, 0]
    let data = try PairData(dataset: Self.dataset, train: train, test: test)
    var values: [Double] = []
    for image in train {
      for index in 0..<196 { values.append(pooled(Self.dataset.train, image, index / 14, index % 14)) }
    }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    #expect(abs(data.mean - mean) < 1e-12 * mean)
    #expect(abs(data.standardDeviation - variance.squareRoot()) < 1e-12 * variance.squareRoot())
    #expect(data.train.images == values.map { Float(($0 - data.mean) / data.standardDeviation) })
    let testValues = test.flatMap { image in
      (0..<196).map { pooled(Self.dataset.test, image, $0 / 14, $0 % 14) }
    }
    #expect(data.test.images == testValues.map { Float(($0 - data.mean) / data.standardDeviation) })
  }

  @Test("The target is 1 if the first digit is at most the second")
  func targets() throws {
    let labels: [UInt8] = [3, 7, 7, 3, 5, 5, 0, 9, 9, 0]
    let source = LabelledImages(images: randomImages(10, seed: 1).images, labels: labels)
    let pairs = RawPairs(of: source, indices: Array(0..<10))
    #expect(pairs.digits == labels.map(Int32.init))
    #expect(pairs.targets == [1, 0, 1, 1, 0])
    let set = try PairData(
      dataset: Dataset(name: "x", train: source, test: source), train: Array(0..<10), test: [2, 3]
    )
    #expect(set.train.count == 5 && set.train.targets == [1, 0, 1, 1, 0] && set.train.digits == pairs.digits)
    #expect(set.test.count == 1 && set.test.targets == [0] && set.test.digits == [7, 3])
  }

  @Test("Moments come from exact sums: any order of the pixels gives the same bits", arguments: 1...5)
  func momentsIgnoreOrder(seed: Int64) {
    var random = RandomStream(seed: seed, purpose: .demonstration)
    let values = (0..<50_000).map { _ in UInt16(random.below(1021)) }
    #expect(PixelMoments(of: values) == PixelMoments(of: values.shuffled(using: &random)))
  }

  @Test("Moments of the largest job that a spec allows do not overflow")
  func largestMoments() {
    let values = [UInt16](repeating: 1020, count: 30_000 * 392 - 1) + [0]
    let moments = PixelMoments(of: values)
    let count = Double(values.count)
    #expect(abs(moments.mean - 255 * (1 - 1 / count)) < 1e-10)
    #expect(abs(moments.standardDeviation - 255 / count.squareRoot()) < 1e-10)
  }

  @Test("Pairs are drawn without replacement from their own split", arguments: [1, 2, 1 << 40])
  func drawsWithoutReplacement(seed: Int64) throws {
    for (split, count) in [(Split.train, 30), (.test, 20)] {
      let indices = try PairDraw.indices(split, of: Self.dataset, count: count, seed: seed)
      #expect(indices.sorted() == Array(0..<2 * count))
    }
  }

  @Test("A seed gives its pairs again, and another seed gives others")
  func isDeterministic() throws {
    let first = try PairData(dataset: Self.dataset, spec: spec())
    let again = try PairData(dataset: Self.dataset, spec: spec())
    let other = try PairData(dataset: Self.dataset, spec: spec(seed: 2))
    #expect(first.train == again.train && first.test == again.test)
    #expect(first.mean == again.mean && first.standardDeviation == again.standardDeviation)
    #expect(first.train != other.train && first.test != other.test)
  }

  @Test("A job's test pairs do not depend on how many train pairs it has")
  func splitsAreIndependent() throws {
    let digits = try [25, 30].map { try PairData(dataset: Self.dataset, spec: spec(trainPairs: $0)).test.digits }
    #expect(digits[0] == digits[1])
  }

  @Test("Validation pairs are train images that no train pair has, and leave the train pairs as they are")
  func drawsValidationPairs() throws {
    let train = try PairDraw.indices(.train, of: Self.dataset, count: 20, seed: 3)
    let validation = try PairDraw.validationIndices(of: Self.dataset, besides: train, count: 10, seed: 3)
    #expect((train + validation).sorted() == Array(0..<60))
    let data = try PairData(
      dataset: Self.dataset, spec: spec(trainPairs: 20, testPairs: 10, seed: 3, evaluateOn: .validation))
    #expect(data.test.digits == validation.map { Int32(Self.dataset.train.labels[$0]) })
    let tested = try PairData(dataset: Self.dataset, spec: spec(trainPairs: 20, testPairs: 10, seed: 3))
    #expect(data.train == tested.train && data.test != tested.test)
    let error = #expect(throws: DatasetError.self) {
      try PairData(
        dataset: Self.dataset, spec: spec(trainPairs: 20, testPairs: 11, seed: 3, evaluateOn: .validation))
    }
    #expect(
      error?.description == "test_pairs: '11' is not allowed; 20 train pairs leave 20 train images of dataset "
        + "'random' to validate on: give at most 10")
  }

  @Test("A few pairs to look at are the first of the job's")
  func previewIsPrefix() throws {
    let few = try RawPairs(.train, of: Self.dataset, count: 4, seed: 9)
    let many = try RawPairs(.train, of: Self.dataset, count: 30, seed: 9)
    #expect(few.digits[...] == many.digits[..<8])
    #expect(few.quadruples[...] == many.quadruples[..<(8 * 196)])
    let indices = try PairDraw.indices(.train, of: Self.dataset, count: 4, seed: 9)
    #expect(
      few.grey(pair: 1, digit: 1)
        == (0..<196).map { UInt8(pooled(Self.dataset.train, indices[3], $0 / 14, $0 % 14) + 0.5) })
  }

  @Test("A dataset with too few images names the key, the value and the most that it gives")
  func tooFewImages() throws {
    let train = #expect(throws: DatasetError.self) {
      try PairData(dataset: Self.dataset, spec: spec(trainPairs: 31))
    }
    #expect(
      train?.description
        == "train_pairs: '31' is not allowed; dataset 'random' has 60 train images: give at most 30")
    let test = #expect(throws: DatasetError.self) { try PairData(dataset: Self.dataset, spec: spec(testPairs: 21)) }
    #expect(
      test
        == .unsuited(
          SpecError(
            key: "test_pairs", value: "21", allowed: "dataset 'random' has 40 test images: give at most 20",
            isUnfit: true)))
  }

  @Test("Train images of one grey are refused, as no deviation is left to divide by")
  func refusesBlankImages() {
    let blank = LabelledImages(images: .init(repeating: 9, count: 4 * 784), labels: [0, 1, 2, 3])
    let error = #expect(throws: DatasetError.self) {
      try PairData(dataset: Dataset(name: "blank", train: blank, test: blank), train: [0, 1], test: [2, 3])
    }
    #expect(error?.description.contains("dataset 'blank': the drawn train images are all of one grey") == true)
  }

  @Test("The catalog gives the pairs that the dataset and the spec give, kept or drawn anew")
  func catalogPairs() throws {
    let directory = try TemporaryDirectory()
    let catalog = DatasetCatalog(dataDirectory: directory.path)
    for _ in 0..<2 {
      for spec in [
        try spec(), try spec(trainPairs: 10), try spec(testPairs: 9), try spec(seed: 2),
        try spec(trainPairs: 20, evaluateOn: .validation),
      ] {
        let drawn = try PairData(dataset: Self.dataset, spec: spec)
        let pairs = try catalog.pairs(of: Self.dataset, for: spec)
        #expect(pairs.train == drawn.train && pairs.test == drawn.test && pairs.mean == drawn.mean)
      }
    }
  }

  @Test(
    "On MNIST the first 1,000 pairs have the mean and deviation of the reference",
    .enabled(if: MNISTFiles.areThere, MNISTFiles.skipped))
  func goldenMoments() throws {
    let data = try PairData(dataset: MNISTFiles.dataset(), train: Array(0..<2_000), test: [0, 1])
    #expect(data.mean == 33.1954368622449)
    // The correctly rounded value; a sum of float64 squares from left to right, as the reference's, ends in ...34448.
    #expect(data.standardDeviation == 71.41582379543273)
    #expect(abs(data.standardDeviation - 71.41582379534448) < 1e-10)
    #expect(data.train.digits[..<4] == [5, 0, 4, 1] && data.train.targets[..<2] == [0, 0])
    #expect(data.test.digits == [7, 2])
  }
}

@Suite("Recently used values")
struct RecentlyUsedTests {
  @Test("The least recently used value goes first, and a value too large for all is not kept")
  func evicts() {
    var cache = RecentlyUsed<String, Int>(capacity: 10)
    for (key, value) in [("a", 1), ("b", 2), ("c", 3)] { cache.insert(value, for: key, cost: 4) }
    #expect(cache.value(for: "a") == nil)
    #expect(cache.value(for: "b") == 2)
    cache.insert(4, for: "d", cost: 4)
    #expect(cache.value(for: "c") == nil && cache.value(for: "b") == 2 && cache.count == 2)
    cache.insert(5, for: "b", cost: 11)
    #expect(cache.value(for: "b") == nil && cache.value(for: "d") == 4)
    cache.remove("d")
    #expect(cache.count == 0)
  }
}
