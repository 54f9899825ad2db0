/// One parameter of a job: the single place that says what it is called, what it may be and what it is by default.
///
/// The API, the grid, the command line and their error messages are all made from `Parameter.all`.
package struct Parameter: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// One of some texts.
    case choice([String])
    case flag
    case integer(ClosedRange<Int64>)
    /// A finite number in `range`, with or without its ends.
    case number(from: Double, fromIncluded: Bool, to: Double, toIncluded: Bool)
    /// A dataset's name: lower-case letters, digits, `-`, `_` and `.`, beginning with a letter or digit.
    case name
  }

  package let key: String
  package let kind: Kind
  package let defaultValue: ParameterValue
  package let summary: String

  /// All parameters, in the order of tables and of a grid's loops: the model outermost, the seed innermost.
  package static let all: [Parameter] = [
    model, batchNorm, dropout, dataset, trainPairs, testPairs, evaluateOn, epochs, batchSize, learningRate, shuffle,
    seed,
  ]

  package static let model = Parameter(
    key: "model", kind: .choice(Model.allCases.map(\.rawValue)), defaultValue: .text(Model.baseNet.rawValue),
    summary: "the network")
  package static let batchNorm = Parameter(
    key: "batch_norm", kind: .flag, defaultValue: .flag(false), summary: "batch normalisation after each layer")
  package static let dropout = Parameter(
    key: "dropout", kind: .number(from: 0, fromIncluded: true, to: 1, toIncluded: false), defaultValue: .number(0),
    summary: "probability that a unit is dropped")
  package static let dataset = Parameter(
    key: "dataset", kind: .name, defaultValue: .text("mnist"), summary: "where the digits come from")
  package static let trainPairs = Parameter(
    key: "train_pairs", kind: .integer(1...30_000), defaultValue: .integer(1_000), summary: "pairs to train on")
  package static let testPairs = Parameter(
    key: "test_pairs", kind: .integer(1...30_000), defaultValue: .integer(1_000), summary: "pairs to test on")
  package static let evaluateOn = Parameter(
    key: "evaluate_on", kind: .choice(EvaluationSplit.allCases.map(\.rawValue)),
    defaultValue: .text(EvaluationSplit.test.rawValue), summary: "where the test pairs are drawn from")
  package static let epochs = Parameter(
    key: "epochs", kind: .integer(1...10_000), defaultValue: .integer(30), summary: "passes over the train pairs")
  package static let batchSize = Parameter(
    key: "batch_size", kind: .integer(1...1_024), defaultValue: .integer(25), summary: "pairs a step of SGD")
  package static let learningRate = Parameter(
    key: "learning_rate", kind: .number(from: 0, fromIncluded: false, to: 100, toIncluded: true),
    defaultValue: .number(0.1), summary: "step size of SGD")
  package static let shuffle = Parameter(
    key: "shuffle", kind: .flag, defaultValue: .flag(false), summary: "a new order of the train pairs in each epoch")
  package static let seed = Parameter(
    key: "seed", kind: .integer(0...Int64.max), defaultValue: .integer(1),
    summary: "draws the pairs, the initial weights, the order and the dropped units")

  /// The parameter of that key, or nil.
  package static func named(_ key: String) -> Parameter? { all.first { $0.key == key } }

  /// Which keys there are, for a message about one that is none of them.
  package static func allowedKeys(for unknown: String) -> String {
    let keys = all.map(\.key)
    return "the parameters are \(keys.joined(separator: ", "))\(NearName.hint(unknown, among: keys))"
  }

  /// What a value of this parameter may be, as a sentence's end: "give an integer from 1 to 1024".
  package var allowed: String {
    switch kind {
    case .choice(let choices): "give one of \(choices.joined(separator: ", "))"
    case .flag: "give true or false"
    case .integer(let range): "give an integer from \(range.lowerBound) to \(range.upperBound)"
    case .number(let from, let fromIncluded, let to, let toIncluded):
      "give a number in \(fromIncluded ? "[" : "(")\(plain(from)), \(plain(to))\(toIncluded ? "]" : ")")"
    case .name: "give a dataset's name: lower-case letters, digits, '-', '_' and '.', at most 64"
    }
  }

  /// The value in the parameter's own type and range (an integer for a number becomes one).
  ///
  /// - Throws: `SpecError` naming the key, the value and what is allowed.
  package func checked(_ value: ParameterValue) throws(SpecError) -> ParameterValue {
    switch (kind, value) {
    case (.choice(let choices), .text(let choice)):
      guard choices.contains(choice) else { throw refusal(of: value) }
      return value
    case (.flag, .flag):
      return value
    case (.integer(let range), .integer(let integer)):
      guard range.contains(integer) else { throw refusal(of: value) }
      return value
    case (.number, .integer(let integer)):
      return try checked(.number(Double(integer)))
    case (.number(let from, let fromIncluded, let to, let toIncluded), .number(let number)):
      guard number.isFinite, fromIncluded ? number >= from : number > from, toIncluded ? number <= to : number < to
      else { throw refusal(of: value) }
      return .number(number == 0 ? 0 : number)  // -0 and 0 are one value
    case (.name, .text(let name)):
      guard Self.isName(name) else { throw refusal(of: value) }
      return value
    default:
      throw refusal(of: value)
    }
  }

  // Made only where it is thrown: every cell of a grid and every row that is read passes here.
  private func refusal(of value: ParameterValue) -> SpecError { refusal(value.description) }

  /// What is wrong with a text of which no value can be made.
  func refusal(_ value: String) -> SpecError {
    if case .choice(let choices) = kind { return SpecError(key: key, value: value, oneOf: choices) }
    return SpecError(key: key, value: value, allowed: allowed)
  }

  private static func isName(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard (1...64).contains(bytes.count) else { return false }
    return bytes.indices.allSatisfy { index in
      switch bytes[index] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): index > 0
      default: false
      }
    }
  }

  private func plain(_ number: Double) -> String {
    number == number.rounded() ? String(Int(number)) : String(number)
  }
}
