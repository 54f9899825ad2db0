import ArgumentParser
import PairCore

/// An option for every job parameter, each a list of values as `Parameter.values(listedIn:)` reads it.
///
/// They take whatever follows, so that `--learning-rate -1` is refused as a value and not as a missing one.
struct ParameterOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: Self.help(.model)) var model: String?
  @Option(parsing: .unconditional, help: Self.help(.batchNorm)) var batchNorm: String?
  @Option(parsing: .unconditional, help: Self.help(.dropout)) var dropout: String?
  @Option(parsing: .unconditional, help: Self.help(.dataset)) var dataset: String?
  @Option(parsing: .unconditional, help: Self.help(.trainPairs)) var trainPairs: String?
  @Option(parsing: .unconditional, help: Self.help(.testPairs)) var testPairs: String?
  @Option(parsing: .unconditional, help: Self.help(.evaluateOn)) var evaluateOn: String?
  @Option(parsing: .unconditional, help: Self.help(.epochs)) var epochs: String?
  @Option(parsing: .unconditional, help: Self.help(.batchSize)) var batchSize: String?
  @Option(parsing: .unconditional, help: Self.help(.learningRate)) var learningRate: String?
  @Option(parsing: .unconditional, help: Self.help(.shuffle)) var shuffle: String?
  @Option(name: [.long, .customLong("seeds")], parsing: .unconditional, help: Self.help(.seed)) var seed: String?

  /// What was given, by parameter.
  private var texts: [(Parameter, String?)] {
    [
      (.model, model), (.batchNorm, batchNorm), (.dropout, dropout), (.dataset, dataset), (.trainPairs, trainPairs),
      (.testPairs, testPairs), (.evaluateOn, evaluateOn), (.epochs, epochs), (.batchSize, batchSize),
      (.learningRate, learningRate),
      (.shuffle, shuffle), (.seed, seed),
    ]
  }

  var areGiven: Bool { texts.contains { $0.1 != nil } }

  /// The values of the parameters that were given.
  ///
  /// - Throws: a usage failure that names the option, the part that is wrong and what is allowed.
  func values() throws(Failure) -> [String: [ParameterValue]] {
    var values: [String: [ParameterValue]] = [:]
    for case (let parameter, let text?) in texts {
      do { values[parameter.key] = try parameter.values(listedIn: text) } catch { throw Failure(error) }
    }
    return values
  }

  private static func help(_ parameter: Parameter) -> ArgumentHelp {
    let (range, name) =
      switch parameter.kind {
      case .choice(let choices): ("a list of \(choices.joined(separator: ", ")), or all", "list")
      case .flag: ("yes, no or both", "yes|no|both")
      case .integer(let range):
        (
          range.upperBound == .max
            ? "integers from \(range.lowerBound), as in 1-10" : "integers in \(range.lowerBound)-\(range.upperBound)",
          "list"
        )
      case .number: ("numbers, as in 0.1,0.5 or 0.1-0.5:0.2", "list")
      case .name: ("names", "names")
      }
    let summary = parameter.summary.prefix(1).uppercased() + parameter.summary.dropFirst()
    return ArgumentHelp(
      "\(summary): \(range). (job default: \(Format.value(parameter.defaultValue)))", valueName: name)
  }
}
