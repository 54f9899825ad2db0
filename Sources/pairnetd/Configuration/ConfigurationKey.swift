import Logging
import PairServer

/// A setting of the daemon, by its name in the configuration file; a dot leads into a mapping.
enum ConfigurationKey: String, CaseIterable, Sendable {
  case stateDirectory = "state_directory"
  case dataDirectory = "data_directory"
  case socketPath = "socket.path"
  case socketMode = "socket.mode"
  case socketGroup = "socket.group"
  case connectionsMax = "socket.connections_max"
  case workers
  case checkpointSeconds = "checkpoint_seconds"
  case crashLimit = "crash_limit"
  case logLevel = "log_level"

  static let workersMax = 1_024
  /// A day: nobody means more.
  static let checkpointSecondsMax = 86_400
  static let crashLimitMax = 1_000
  static let connectionsAllowed = 1...10_000

  /// The environment variable that sets it.
  var variable: String {
    switch self {
    case .socketPath: "PAIRNET_SOCKET"
    default: "PAIRNET_" + rawValue.uppercased().replacing(".", with: "_")
    }
  }

  /// The option of the command line that sets it.
  var option: String {
    switch self {
    case .socketPath: "--socket"
    default: "--" + rawValue.replacing(".", with: "-").replacing("_", with: "-")
    }
  }

  /// Whether YAML must give a bare integer, and not a text that looks like one.
  var isInteger: Bool { [.workers, .connectionsMax, .checkpointSeconds, .crashLimit].contains(self) }

  var isPath: Bool { [.stateDirectory, .dataDirectory, .socketPath].contains(self) }

  /// What it may be, as a sentence's end.
  var allowed: String {
    switch self {
    case .stateDirectory, .dataDirectory: "give a directory's absolute path"
    case .socketPath: "give an absolute path of at most \(UnixSocketFile.pathBytesMax) bytes"
    case .socketMode: "give permission bits as four octal digits, as in \"0660\""
    case .socketGroup: "give a group's name or number"
    case .connectionsMax:
      "give an integer from \(Self.connectionsAllowed.lowerBound) to \(Self.connectionsAllowed.upperBound)"
    case .workers: "give an integer from 1 to \(Self.workersMax)"
    case .checkpointSeconds:
      "give an integer from 0 to \(Self.checkpointSecondsMax); with 0 only a stop takes checkpoints"
    case .crashLimit: "give an integer from 0 to \(Self.crashLimitMax); 0 means never"
    case .logLevel: "give one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))"
    }
  }

  /// Whether the text is a value of this setting.
  func accepts(_ text: String) -> Bool {
    switch self {
    case .stateDirectory, .dataDirectory:
      text.hasPrefix("/") && !text.utf8.contains(0)
    case .socketPath:
      text.hasPrefix("/") && !text.hasSuffix("/") && !text.utf8.contains(0)
        && text.utf8.count <= UnixSocketFile.pathBytesMax
    case .socketMode:
      text.utf8.count == 4 && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
        && text.hasPrefix("0")
    case .socketGroup:
      (1...64).contains(text.utf8.count)
        && text.utf8.allSatisfy { $0 > UInt8(ascii: " ") && $0 != UInt8(ascii: ":") && $0 < 0x7F }
    case .connectionsMax:
      Int(text).map(Self.connectionsAllowed.contains) ?? false
    case .workers:
      Int(text).map { (1...Self.workersMax).contains($0) } ?? false
    case .checkpointSeconds:
      Int(text).map { (0...Self.checkpointSecondsMax).contains($0) } ?? false
    case .crashLimit:
      Int(text).map { (0...Self.crashLimitMax).contains($0) } ?? false
    case .logLevel:
      Logger.Level(rawValue: text) != nil
    }
  }
}
