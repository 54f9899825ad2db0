import ArgumentParser
import Glibc
import Logging
import PairCore
import PairNN
import PairServer

/// The daemon's command line.
@main
struct Pairnetd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pairnetd",
    abstract: "Keeps a queue of small trainings, runs them on every core, and serves the results.",
    discussion: """
      Every setting can be given on the command line, in the environment or in the configuration file, and wins in \
      this order. The configuration file describes them all.

      SIGTERM and SIGINT stop the daemon: running jobs stop at their next step and go back to the queue, \
      to go on from there after the next start. SIGHUP reads \
      the configuration again and applies its log_level; it says which other changes need a restart.

      PAIRNET_ISA forces an instruction set (\(InstructionSet.allCases.map(\.rawValue).joined(separator: ", "))); all \
      of them end in the same bits, and the fastest that the machine has is the default.

      Exit status: 0 stopped as asked; \
      \(ExitStatus.allCases.map { "\($0.rawValue) \($0.meaning)" }.joined(separator: "; ")).
      """,
    version: "pairnetd \(pairnetVersion)")

  @Option(name: .long, help: ArgumentHelp("Read this file. (default: \(Configuration.defaultPath))", valueName: "file"))
  var config: String?
  @Option(name: .long, help: ArgumentHelp("Keep the queue and the results here.", valueName: "directory"))
  var stateDirectory: String?
  @Option(name: .long, help: ArgumentHelp("Look for datasets here.", valueName: "directory"))
  var dataDirectory: String?
  @Option(name: .long, help: ArgumentHelp("Serve the API on this Unix socket.", valueName: "path"))
  var socket: String?
  @Option(name: .long, help: ArgumentHelp("The socket's permissions.", valueName: "octal"))
  var socketMode: String?
  @Option(name: .long, help: ArgumentHelp("The socket's group.", valueName: "group"))
  var socketGroup: String?
  @Option(name: .long, help: ArgumentHelp("Serve so many connections at a time.", valueName: "number"))
  var socketConnectionsMax: String?
  @Option(name: .long, help: ArgumentHelp("Run so many jobs at a time.", valueName: "number"))
  var workers: String?
  @Option(
    name: .long, help: ArgumentHelp("Save how far running jobs are every so many seconds.", valueName: "number"))
  var checkpointSeconds: String?
  @Option(
    name: .long,
    help: ArgumentHelp("Fail a job when the daemon has died so often while it ran; 0 for never.", valueName: "number"))
  var crashLimit: String?
  @Option(
    name: .long, help: ArgumentHelp("trace, debug, info, notice, warning, error or critical.", valueName: "level"))
  var logLevel: String?
  @Flag(name: .long, help: "Check the configuration and exit.")
  var checkConfig = false
  @Flag(name: .long, help: "Print the settings in effect, with where each comes from, and exit.")
  var printConfig = false

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    do {
      let sources = sources
      let configuration = try Configuration(sources)
      if printConfig { return print(configuration.listing, terminator: "") }
      if checkConfig { return print("the configuration is valid") }
      try await serve(configuration, from: sources)
    } catch {
      Self.complain("\(error)")
      throw ExitCode(ExitStatus(error).rawValue)
    }
  }

  private var sources: Configuration.Sources {
    var environment: [String: String] = [:]
    for name in ConfigurationKey.allCases.map(\.variable) + [Configuration.fileVariable, "STATE_DIRECTORY"] {
      environment[name] = PairServer.environment(name)
    }
    let options: [ConfigurationKey: String?] = [
      .stateDirectory: stateDirectory, .dataDirectory: dataDirectory, .socketPath: socket, .socketMode: socketMode,
      .socketGroup: socketGroup, .connectionsMax: socketConnectionsMax, .workers: workers,
      .checkpointSeconds: checkpointSeconds, .crashLimit: crashLimit, .logLevel: logLevel,
    ]
    return Configuration.Sources(options: options.compactMapValues { $0 }, environment: environment, file: config)
  }

  /// One sentence a line, which the journal takes for errors.
  static func complain(_ message: String) {
    let prefix = isUnderServiceManager ? "<3>" : "pairnetd: "
    for line in message.split(separator: "\n") {
      let bytes = Array("\(prefix)\(line)\n".utf8)
      _ = write(STDERR_FILENO, bytes, bytes.count)
    }
  }

  /// Whether systemd reads what is written to stderr.
  static var isUnderServiceManager: Bool { PairServer.environment("JOURNAL_STREAM") != nil }
}
