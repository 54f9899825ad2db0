import ArgumentParser
import PairCore

/// How a table of results is written: papers want LaTeX too.
enum ResultFormat: String, CaseIterable, ExpressibleByArgument {
  case table, csv, json, markdown, latex
}

/// How the answer to a query is written.
enum QueryFormat: String, CaseIterable, ExpressibleByArgument {
  case table, csv, json
}

/// How a comparison or a reproduction is written.
enum ComparisonFormat: String, CaseIterable, ExpressibleByArgument {
  case table, json, markdown, latex
}

/// A figure of results in an option.
enum MetricName {
  /// - Throws: a usage error for a name that is none of `metrics`.
  static func check(_ name: String, of option: String = "--metric", in metrics: [String]) throws {
    guard !metrics.contains(name) else { return }
    throw ValidationError(SpecError(key: option, value: name, oneOf: metrics).description)
  }
}

/// Keys of parameters in one option: `model,batch-norm`.
enum KeyList {
  /// The keys; an option's spelling (batch-norm) is as good.
  static func keys(in text: String?, of option: String) throws(Failure) -> [String]? {
    guard let text else { return nil }
    var keys: [String] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let key = String(part.map { $0 == "-" ? "_" : $0 })
      guard Parameter.named(key) != nil, !keys.contains(key) else {
        throw Failure(
          .usage,
          "\(option): '\(part)' is not allowed; list parameters, each once: "
            + Parameter.all.map(\.key).joined(separator: ", ")
            + NearName.hint(keys.contains(key) ? "" : key, among: Parameter.all.map(\.key)))
      }
      keys.append(key)
    }
    return keys
  }
}
