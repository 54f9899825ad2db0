import Foundation
import PairServer
import Testing

@testable import pairnetd

@Suite("The configuration")
struct ConfigurationTests {
  static let keys = "state_directory, data_directory, socket, workers, checkpoint_seconds, crash_limit, log_level"

  @Test(
    "A wrong file is refused with its line, its column, the key and what is allowed",
    arguments: [
      ("worker: 3", "a.yaml:1:1: unknown key 'worker'; the keys are \(keys) (did you mean workers?)"),
      (
        "\n\nsocket:\n  mod: x",
        "a.yaml:4:3: unknown key 'socket.mod'; the keys of socket are path, mode, group, connections_max (did you mean mode?)"
      ),
      (
        "log_level: inof",
        "a.yaml:1:12: log_level: 'inof' is not allowed; "
          + "give one of trace, debug, info, notice, warning, error, critical (did you mean info?)"
      ),
      ("workers: many", "a.yaml:1:10: workers: 'many' is not allowed; give an integer from 1 to 1024"),
      ("workers: 0", "a.yaml:1:10: workers: '0' is not allowed; give an integer from 1 to 1024"),
      ("workers: 1.5", "a.yaml:1:10: workers: '1.5' is not allowed; give an integer from 1 to 1024"),
      ("workers: \"4\"", "a.yaml:1:10: workers: '\"4\"' is not allowed; give an integer from 1 to 1024"),
      (
        "crash_limit: -1",
        "a.yaml:1:14: crash_limit: '-1' is not allowed; give an integer from 0 to 1000; 0 means never"
      ),
      ("workers:", "a.yaml:1:9: workers: '' is not allowed; give an integer from 1 to 1024"),
      ("workers: [4]", "a.yaml:1:10: workers: a list is not allowed; give an integer from 1 to 1024"),
      ("workers: {a: 4}", "a.yaml:1:10: workers: a mapping is not allowed; give an integer from 1 to 1024"),
      (
        "checkpoint_seconds: -1",
        "a.yaml:1:21: checkpoint_seconds: '-1' is not allowed; give an integer from 0 to 86400; with 0 only a stop takes "
          + "checkpoints"
      ),
      ("workers: 2\n# again\nworkers: 3", "a.yaml:3:1: the key 'workers' is given twice"),
      (
        "socket: /run/x.sock",
        "a.yaml:1:9: socket must be a mapping with some of the keys path, mode, group, connections_max"
      ),
      ("- workers", "a.yaml:1:1: a configuration must be a mapping with some of the keys \(keys)"),
      ("just a text", "a.yaml:1:1: a configuration must be a mapping with some of the keys \(keys)"),
      (
        "log_level: loud",
        "a.yaml:1:12: log_level: 'loud' is not allowed; "
          + "give one of trace, debug, info, notice, warning, error, critical"
      ),
      (
        "state_directory: state",
        "a.yaml:1:18: state_directory: 'state' is not allowed; give a directory's absolute path"
      ),
      (
        "socket:\n  mode: 660",
        "a.yaml:2:9: socket.mode: '660' is not allowed; give permission bits as four octal digits, as in \"0660\""
      ),
      (
        "socket:\n  path: /\(String(repeating: "x", count: 103))",
        "a.yaml:2:9: socket.path: '/\(String(repeating: "x", count: 103))' is not allowed; "
          + "give an absolute path of at most 103 bytes"
      ),
      ("workers: 3\n a: 4", "a.yaml:2:3: this is not YAML: mapping values are not allowed in this context"),
      ("workers: \"3", "a.yaml:1:12: this is not YAML: found unexpected end of stream"),
      (
        "workers: 3\nlog_level: loud\nworkrs: 1",
        """
        a.yaml:2:12: log_level: 'loud' is not allowed; give one of trace, debug, info, notice, warning, error, critical
        a.yaml:3:1: unknown key 'workrs'; the keys are \(keys) (did you mean workers?)
        """
      ),
    ])
  func refused(yaml: String, message: String) {
    let error = #expect(throws: ConfigurationError.self) { try ConfigurationFile(yaml: yaml, path: "a.yaml") }
    #expect(error?.description == message)
  }

  @Test("An empty file, or one of comments, sets nothing", arguments: ["", "\n", "# nothing\n", "---\n", "--- {}\n"])
  func empty(yaml: String) throws {
    #expect(try ConfigurationFile(yaml: yaml, path: "a.yaml").entries.isEmpty)
  }

  @Test("The command line wins over the environment, that over the file, and that over the service manager")
  func precedence() throws {
    let directory = TemporaryDirectory()
    let file = try directory.write("workers: 5\nlog_level: debug\nstate_directory: /a\n", to: "a.yaml")
    var sources = Configuration.Sources(
      options: [.workers: "7"],
      environment: ["PAIRNET_WORKERS": "6", "PAIRNET_LOG_LEVEL": "error", "STATE_DIRECTORY": "/b:/c"], file: file)
    let all = try Configuration(sources)
    #expect(all.workers == 7)
    #expect(all.logLevel == .error)
    #expect(all.stateDirectory == "/a")
    #expect(all.dataDirectory == "/a/data")
    #expect(all.origins[.workers] == .commandLine(option: "--workers"))
    #expect(all.origins[.logLevel] == .environment(variable: "PAIRNET_LOG_LEVEL"))
    #expect(all.origins[.stateDirectory] == .file(path: file, line: 3, column: 18))
    #expect(all.origins[.dataDirectory] == .defaultValue)

    sources.options = [:]
    #expect(try Configuration(sources).workers == 6)
    sources.environment = ["STATE_DIRECTORY": "/b:/c"]
    #expect(try Configuration(sources).workers == 5)
    sources.file = try directory.write("", to: "empty.yaml")
    let least = try Configuration(sources)
    #expect(least.stateDirectory == "/b")
    #expect(least.origins[.stateDirectory] == .serviceManager(variable: "STATE_DIRECTORY"))
    #expect(least.workers == ProcessInfo.processInfo.activeProcessorCount)
    #expect(least.socket == UnixSocketFile(path: "/run/pairnet/api.sock", mode: 0o660, group: nil))
  }

  @Test("A value that another one overrides is checked all the same, and all problems are told")
  func overridden() throws {
    let directory = TemporaryDirectory()
    let file = try directory.write("workers: none\n", to: "a.yaml")
    let error = #expect(throws: ConfigurationError.self) {
      try Configuration(
        .init(options: [.logLevel: "loud"], environment: ["PAIRNET_WORKERS": "-1", "PAIRNET_CONFIG": file]))
    }
    #expect(
      error?.description == """
        \(file):1:10: workers: 'none' is not allowed; give an integer from 1 to 1024
        PAIRNET_WORKERS: '-1' is not allowed; give an integer from 1 to 1024
        --log-level: 'loud' is not allowed; give one of trace, debug, info, notice, warning, error, critical
        """)
    #expect(error?.isUsage == false)
  }

  @Test("A file that was asked for must be there")
  func missingFile() {
    let error = #expect(throws: ConfigurationError.self) { try Configuration(.init(file: "/nowhere/pairnetd.yaml")) }
    #expect(error?.description == "/nowhere/pairnetd.yaml: cannot be read: No such file or directory")
  }

  @Test("Paths of the command line may be relative to the working directory")
  func relativePaths() throws {
    let directory = TemporaryDirectory()
    let sources = Configuration.Sources(
      options: [.stateDirectory: "state"], file: try directory.write("", to: "a.yaml"))
    #expect(try Configuration(sources).stateDirectory == FileManager.default.currentDirectoryPath + "/state")
  }

  @Test("The printed configuration is a configuration file with the same values")
  func listing() throws {
    let directory = TemporaryDirectory()
    let sources = Configuration.Sources(
      options: [.stateDirectory: "/with space/\"quoted\"", .socketGroup: "12", .workers: "3"],
      file: try directory.write("", to: "a.yaml"))
    let configuration = try Configuration(sources)
    let file = try ConfigurationFile(yaml: configuration.listing, path: "listing.yaml")
    #expect(file.entries.mapValues(\.value) == configuration.values)
    #expect(configuration.listing.contains("workers: 3"))
    #expect(configuration.listing.contains("# --state-directory"))
  }

  @Test("The shipped file is valid, sets nothing, and names every setting with its default")
  func shippedFile() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "etc/pairnet/pairnetd.yaml"), encoding: .utf8)
    #expect(try ConfigurationFile(yaml: text, path: "shipped").entries.isEmpty)

    let uncommented = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.replacing(/^(\s*)#(\w)/) { "\($0.1)\($0.2)" } }.joined(separator: "\n")
    let entries = try ConfigurationFile(yaml: uncommented, path: "uncommented").entries
    #expect(Set(entries.keys) == Set(ConfigurationKey.allCases))
    let directory = TemporaryDirectory()
    let defaults = try Configuration(.init(file: try directory.write("", to: "a.yaml")))
    // The number of workers and the group depend on the machine.
    for (key, entry) in entries where key != .workers && key != .socketGroup {
      #expect(entry.value == defaults.values[key], "\(key.rawValue)")
    }
    for key in ConfigurationKey.allCases {
      #expect(text.contains("Option \(key.option), variable \(key.variable)."), "\(key.rawValue)")
    }
  }
}
