import Crypto

/// One training, completely: the same spec, dataset and numerics version always end in the same bits.
///
/// A spec is parsed once, by `init(validating:)`; beyond it every value is in range.
package struct JobSpec: Hashable, Sendable {
  package let model: Model
  package let batchNorm: Bool
  /// Probability in [0, 1) that a unit is dropped in training.
  package let dropout: Double
  package let dataset: String
  package let trainPairs: Int
  package let testPairs: Int
  /// Where the test pairs are drawn from.
  package let evaluateOn: EvaluationSplit
  package let epochs: Int
  package let batchSize: Int
  package let learningRate: Double
  /// Whether each epoch sees the train pairs in a new order.
  package let shuffle: Bool
  package private(set) var seed: Int64

  /// The spec that the values give; what they leave out has its default.
  ///
  /// - Throws: `SpecError` for an unknown key, a value out of range, or values that cannot go together.
  package init(validating values: [String: ParameterValue] = [:]) throws(SpecError) {
    if let unknown = values.keys.sorted().first(where: { Parameter.named($0) == nil }) {
      throw SpecError(
        key: unknown, value: values[unknown]?.description ?? "",
        allowed: Parameter.allowedKeys(for: unknown))
    }
    func value(_ parameter: Parameter) throws(SpecError) -> ParameterValue {
      try parameter.checked(values[parameter.key] ?? parameter.defaultValue)
    }
    func text(_ parameter: Parameter) throws(SpecError) -> String { try value(parameter).description }
    func flag(_ parameter: Parameter) throws(SpecError) -> Bool { try value(parameter) == .flag(true) }
    func integer(_ parameter: Parameter) throws(SpecError) -> Int64 {
      guard case .integer(let integer) = try value(parameter) else {
        preconditionFailure("\(parameter.key) is checked")
      }
      return integer
    }
    func number(_ parameter: Parameter) throws(SpecError) -> Double {
      guard case .number(let number) = try value(parameter) else { preconditionFailure("\(parameter.key) is checked") }
      return number
    }
    guard let model = Model(rawValue: try text(.model)),
      let evaluateOn = EvaluationSplit(rawValue: try text(.evaluateOn))
    else { preconditionFailure("choices are checked") }
    self.model = model
    self.evaluateOn = evaluateOn
    batchNorm = try flag(.batchNorm)
    dropout = try number(.dropout)
    dataset = try text(.dataset)
    trainPairs = Int(try integer(.trainPairs))
    testPairs = Int(try integer(.testPairs))
    epochs = Int(try integer(.epochs))
    batchSize = Int(try integer(.batchSize))
    learningRate = try number(.learningRate)
    shuffle = try flag(.shuffle)
    seed = try integer(.seed)

    guard batchSize <= trainPairs else {
      throw SpecError(
        key: Parameter.batchSize.key, value: String(batchSize),
        allowed: "give at most train_pairs, which is \(trainPairs)", isUnfit: true)
    }
    // Batch norm divides by the batch's variance, which one sample does not have.
    guard !batchNorm || (batchSize > 1 && trainPairs % batchSize != 1) else {
      throw SpecError(
        key: Parameter.batchSize.key, value: String(batchSize),
        allowed:
          "batch_norm needs at least two pairs in every batch, and train_pairs \(trainPairs) leaves a batch of one",
        isUnfit: true)
    }
  }

  /// The values by key, for tables and the wire.
  package var values: [String: ParameterValue] {
    [
      "model": .text(model.rawValue), "batch_norm": .flag(batchNorm), "dropout": .number(dropout),
      "dataset": .text(dataset), "train_pairs": .integer(Int64(trainPairs)), "test_pairs": .integer(Int64(testPairs)),
      "evaluate_on": .text(evaluateOn.rawValue), "epochs": .integer(Int64(epochs)),
      "batch_size": .integer(Int64(batchSize)),
      "learning_rate": .number(learningRate), "shuffle": .flag(shuffle), "seed": .integer(seed),
    ]
  }

  /// The same training with other luck.
  func with(seed: Int64) -> JobSpec {
    assert(seed >= 0, "a seed is not negative")
    var spec = self
    spec.seed = seed
    return spec
  }

  /// The one text of this spec: a JSON object of all values with sorted keys, no spaces and shortest numbers.
  ///
  /// Written out key by key: it is made for each cell of a grid. What the keys are, a test compares with `values`.
  package var canonical: String {
    """
    {"batch_norm":\(batchNorm),"batch_size":\(batchSize),"dataset":"\(dataset)","dropout":\(dropout),\
    "epochs":\(epochs),"evaluate_on":"\(evaluateOn.rawValue)","learning_rate":\(learningRate),\
    "model":"\(model.rawValue)","seed":\(seed),"shuffle":\(shuffle),"test_pairs":\(testPairs),\
    "train_pairs":\(trainPairs)}
    """
  }

  /// What the result depends on and nothing else, as SHA-256 in lower-case hexadecimal.
  ///
  /// - Parameters:
  ///   - datasetDigest: SHA-256 of the dataset's bytes, in hexadecimal.
  ///   - numericsVersion: raised whenever the engine's bits change.
  package func digest(datasetDigest: String, numericsVersion: Int) -> String {
    var text = "pairnet job 1\n\(canonical)\n\(datasetDigest)\n\(numericsVersion)\n"
    return text.withUTF8 { bytes in
      var hash = SHA256()
      hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
      return hash.finalize().hexadecimal
    }
  }
}

extension SHA256 {
  /// The digest of `bytes` in lower-case hexadecimal.
  package static func hexadecimal(of bytes: some Sequence<UInt8>) -> String {
    var hash = SHA256()
    hash.update(data: Array(bytes))
    return hash.finalize().hexadecimal
  }
}

extension SHA256Digest {
  /// The digest in lower-case hexadecimal.
  package var hexadecimal: String {
    func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10 }
    return String(unsafeUninitializedCapacity: 2 * Self.byteCount) { text in
      for (index, byte) in self.enumerated() {
        text[2 * index] = digit(byte >> 4)
        text[2 * index + 1] = digit(byte & 15)
      }
      return 2 * Self.byteCount
    }
  }
}

extension JobSpec: Codable {
  package init(from decoder: any Decoder) throws {
    try self.init(validating: [String: ParameterValue](from: decoder))
  }

  package func encode(to encoder: any Encoder) throws { try values.encode(to: encoder) }
}
