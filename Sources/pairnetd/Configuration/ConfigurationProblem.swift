import Logging
import PairCore

/// Where a value comes from. Later cases win over earlier ones.
enum Origin: Hashable, Sendable, CustomStringConvertible {
  case defaultValue
  /// A variable that systemd sets, as the unit says; it stands in for the default.
  case serviceManager(variable: String)
  case file(path: String, line: Int, column: Int)
  /// A file that cannot be read at all.
  case wholeFile(path: String)
  case environment(variable: String)
  case commandLine(option: String)

  var description: String {
    switch self {
    case .defaultValue: "default"
    case .serviceManager(let variable): "\(variable), set by the service manager"
    case .file(let path, let line, let column): "\(path):\(line):\(column)"
    case .wholeFile(let path): path
    case .environment(let variable): variable
    case .commandLine(let option): option
    }
  }
}

/// One thing that is wrong with the configuration.
struct ConfigurationProblem: Hashable, Sendable, CustomStringConvertible {
  var origin: Origin
  var message: String

  var description: String { "\(origin): \(message)" }

  /// A value that its setting does not accept.
  static func refused(_ value: String, for key: ConfigurationKey, from origin: Origin) -> ConfigurationProblem {
    let subject =
      switch origin {
      case .environment, .commandLine, .serviceManager: ""
      case .file, .wholeFile, .defaultValue: "\(key.rawValue): "
      }
    let hint = key == .logLevel ? NearName.hint(value, among: Logger.Level.allCases.map(\.rawValue)) : ""
    return ConfigurationProblem(origin: origin, message: "\(subject)'\(value)' is not allowed; \(key.allowed)\(hint)")
  }
}

/// Everything that is wrong with the configuration, so that a person can mend all of it at once.
struct ConfigurationError: Error, Sendable, CustomStringConvertible {
  var problems: [ConfigurationProblem]
  var description: String { problems.map(\.description).joined(separator: "\n") }

  /// Whether only the command line is wrong.
  var isUsage: Bool {
    problems.allSatisfy { if case .commandLine = $0.origin { true } else { false } }
  }
}
