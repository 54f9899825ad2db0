import Glibc
import Logging
import PairServer

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What the daemon is to do, and where each part of it was said.
///
/// Precedence: command line over environment over file over the service manager's directories over defaults.
struct Configuration: Sendable {
  static let defaultPath = "/etc/pairnet/pairnetd.yaml"

  /// The value of every setting; nil where there is none, as for the socket's group.
  private(set) var values: [ConfigurationKey: String] = [:]
  private(set) var origins: [ConfigurationKey: Origin] = [:]

  /// What the command line and the environment say, before it is checked.
  struct Sources: Sendable {
    var options: [ConfigurationKey: String] = [:]
    var environment: [String: String] = [:]
    /// The file that was asked for with `--config`; nil for the default one, which need not be there.
    var file: String?
  }

  /// - Throws: `ConfigurationError` with everything that is wrong in any of the sources, also where another one wins.
  init(_ sources: Sources) throws(ConfigurationError) {
    var problems: [ConfigurationProblem] = []
    func take(_ text: String, for key: ConfigurationKey, from origin: Origin) -> String? {
      let value = key.isPath ? Self.absolute(text) : text
      if key.accepts(value) { return value }
      problems.append(.refused(text, for: key, from: origin))
      return nil
    }
    var file: ConfigurationFile?
    do throws(ConfigurationError) {
      file = try Self.readFile(sources)
    } catch {
      problems += error.problems
    }
    for key in ConfigurationKey.allCases {
      if let entry = file?.entries[key] { set(key, entry.value, entry.origin) }
      if let text = sources.environment[key.variable] {
        let origin = Origin.environment(variable: key.variable)
        if let value = take(text, for: key, from: origin) { set(key, value, origin) }
      }
      if let text = sources.options[key] {
        let origin = Origin.commandLine(option: key.option)
        if let value = take(text, for: key, from: origin) { set(key, value, origin) }
      }
    }
    guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
    setDefaults(sources)
  }

  private mutating func set(_ key: ConfigurationKey, _ value: String, _ origin: Origin) {
    values[key] = value
    origins[key] = origin
  }

  private mutating func setDefaults(_ sources: Sources) {
    func setDefault(_ key: ConfigurationKey, _ value: String, _ origin: Origin = .defaultValue) {
      if values[key] == nil { set(key, value, origin) }
    }
    // systemd lists several directories with colons; the first is the unit's own.
    if let directory = sources.environment["STATE_DIRECTORY"]?.split(separator: ":").first {
      setDefault(.stateDirectory, String(directory), .serviceManager(variable: "STATE_DIRECTORY"))
    }
    setDefault(.stateDirectory, "/var/lib/pairnet")
    setDefault(.dataDirectory, "\(stateDirectory)/data")
    setDefault(.socketPath, "/run/pairnet/api.sock")
    setDefault(.socketMode, "0660")
    setDefault(.connectionsMax, "256")
    setDefault(.workers, String(min(ProcessInfo.processInfo.activeProcessorCount, ConfigurationKey.workersMax)))
    setDefault(.checkpointSeconds, "5")
    setDefault(.crashLimit, "3")
    setDefault(.logLevel, Logger.Level.info.rawValue)
  }

  /// - Returns: nil if there is none and none was asked for.
  private static func readFile(_ sources: Sources) throws(ConfigurationError) -> ConfigurationFile? {
    let asked = sources.file ?? sources.environment[Self.fileVariable]
    let path = asked ?? defaultPath
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try readBytes(of: path, limit: 1 << 20)
    } catch {
      if asked == nil, error.code == ENOENT { return nil }
      throw ConfigurationError(problems: [.init(origin: .wholeFile(path: path), message: error.description)])
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ConfigurationError(problems: [.init(origin: .wholeFile(path: path), message: "this is not UTF-8")])
    }
    return try ConfigurationFile(yaml: text, path: path)
  }

  /// On the command line and in the environment a path may be relative to where the daemon was started.
  private static func absolute(_ path: String) -> String {
    guard !path.isEmpty, !path.hasPrefix("/"), let pointer = getcwd(nil, 0) else { return path }
    defer { free(pointer) }
    return "\(String(cString: pointer))/\(path)"
  }
}

extension Configuration {
  static let fileVariable = "PAIRNET_CONFIG"

  private func value(_ key: ConfigurationKey) -> String {
    guard let value = values[key] else { preconditionFailure("\(key.rawValue) has a default") }
    return value
  }

  var stateDirectory: String { value(.stateDirectory) }
  var dataDirectory: String { value(.dataDirectory) }
  var workers: Int { Int(value(.workers)) ?? 1 }
  /// Nil if only a stop takes checkpoints.
  var checkpointInterval: Duration? {
    let seconds = Int(value(.checkpointSeconds)) ?? 0
    return seconds > 0 ? .seconds(seconds) : nil
  }
  var crashLimit: Int { Int(value(.crashLimit)) ?? 3 }
  var connectionsMax: Int { Int(value(.connectionsMax)) ?? 256 }
  var logLevel: Logger.Level { Logger.Level(rawValue: value(.logLevel)) ?? .info }
  var socket: UnixSocketFile {
    UnixSocketFile(
      path: value(.socketPath), mode: UInt32(value(.socketMode), radix: 8) ?? 0o660, group: values[.socketGroup])
  }

  /// The effective values as a configuration file, each with where it comes from.
  var listing: String {
    var lines: [(text: String, origin: Origin)] = []
    var text = ""
    var mapping: Substring = ""
    for key in ConfigurationKey.allCases {
      guard let value = values[key], let origin = origins[key] else { continue }
      let parts = key.rawValue.split(separator: ".")
      if parts.count > 1, parts[0] != mapping {
        lines.append(("\(parts[0]):", .defaultValue))
        mapping = parts[0]
      }
      let indent = parts.count > 1 ? "  " : ""
      lines.append(("\(indent)\(parts[parts.count - 1]): \(key.isInteger ? value : Self.quoted(value))", origin))
    }
    let width = lines.map(\.text.count).max() ?? 0
    for line in lines {
      text += line.text
      if !line.text.hasSuffix(":") {
        text += String(repeating: " ", count: width - line.text.count) + "  # \(line.origin)"
      }
      text += "\n"
    }
    return text
  }

  /// The text as a YAML scalar: bare where it can only be a text.
  private static func quoted(_ text: String) -> String {
    let isPlain =
      text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"),
          UInt8(ascii: "-"):
          true
        default: false
        }
      } && text.utf8.first.map { $0 == UInt8(ascii: "/") || $0 >= UInt8(ascii: "A") } ?? false
    return isPlain ? text : "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
  }
}
