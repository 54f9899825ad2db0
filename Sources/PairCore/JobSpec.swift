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
  package let seed: Int64

  /// The spec that the values give; what they leave out has its default.
  ///
  /// - Throws: `SpecError` for an unknown key, a value out of range, or values that cannot go together.
  package init(validating values: [String: ParameterValue] = [:]) throws(SpecError) {
    if let unknown = values.keys.sorted().first(where: { Parameter.named($0) == nil }) {
      throw SpecError(
        key: unknown, value: values[unknown]?.description ?? "",
        allowed: "the parameters are \(Parameter.all.map(\.key).joined(separator: ", "))")
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

  /// The one text of this spec: a JSON object of all values with sorted keys, no spaces and shortest numbers.
  package var canonical: String {
    let fields = values.sorted { $0.key < $1.key }.map { key, value in
      if case .text(let text) = value { "\"\(key)\":\"\(text)\"" } else { "\"\(key)\":\(value)" }
    }
    return "{\(fields.joined(separator: ","))}"
  }

  /// What the result depends on and nothing else, as SHA-256 in lower-case hexadecimal.
  ///
  /// - Parameters:
  ///   - datasetDigest: SHA-256 of the dataset's bytes, in hexadecimal.
  ///   - numericsVersion: raised whenever the engine's bits change.
  package func digest(datasetDigest: String, numericsVersion: Int) -> String {
    SHA256.hexadecimal(of: Array("pairnet job 1\n\(canonical)\n\(datasetDigest)\n\(numericsVersion)\n".utf8))
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
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

extension JobSpec: Codable {
  package init(from decoder: any Decoder) throws {
    try self.init(validating: [String: ParameterValue](from: decoder))
  }

  package func encode(to encoder: any Encoder) throws { try values.encode(to: encoder) }
}
