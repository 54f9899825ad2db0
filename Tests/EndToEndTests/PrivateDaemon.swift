import Glibc

/// A pairnetd of a test's own, in a temporary directory that goes when the test does.
final class PrivateDaemon {
  let directory: String
  let socket: String
  private let workers: Int
  private let options: [String]
  private(set) var program: Program?

  /// - Parameter options: more of the daemon's command line.
  init(workers: Int = 2, options: [String] = [], isStarted: Bool = true) throws {
    // Short, because a socket's path has at most 107 bytes.
    var template = Array("/tmp/pairnet-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Program.Failed(reason: "mkdtemp") }
    directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    socket = "\(directory)/api.sock"
    self.workers = workers
    self.options = options
    if isStarted { try start() }
  }

  deinit {
    program?.signal(SIGKILL)
    _ = program?.wait(seconds: 5)
    _ = try? Program(["/bin/rm", "-rf", directory], environment: [:], filesIn: directory).wait()
  }

  /// Starts the daemon and waits until it answers.
  func start() throws {
    let configuration = "\(directory)/pairnetd.yaml"
    close(creat(configuration, 0o600))
    program = try Program(
      [
        "pairnetd", "--config", configuration, "--state-directory", "\(directory)/state", "--socket", socket,
        "--workers", String(workers),
      ] + options, environment: ["PATH": "/usr/bin:/bin"], filesIn: directory)
    let deadline = ContinuousClock.now + .seconds(60)
    while try ctl("status").status != 0 {
      guard ContinuousClock.now < deadline else {
        throw Program.Failed(reason: "pairnetd does not answer: \(program?.standardErrorSoFar ?? "")")
      }
      usleep(20_000)
    }
  }

  /// Ends the daemon with a signal and returns how it ended.
  @discardableResult
  func stop(_ signal: CInt = SIGTERM) -> ProgramOutput? {
    program?.signal(signal)
    defer { program = nil }
    return program?.wait(seconds: 30)
  }

  private var environment: [String: String] {
    ["PATH": "\(Program.directory):/usr/bin:/bin", "PAIRNET_SOCKET": socket, "HOME": directory, "LANG": "C.UTF-8"]
  }

  /// Starts `pairnetctl` with this daemon's socket.
  func begin(_ arguments: [String], _ variables: [String: String] = [:]) throws -> Program {
    try Program(
      ["pairnetctl"] + arguments, environment: environment.merging(variables) { $1 }, filesIn: directory, of: self)
  }

  /// Runs `pairnetctl` with this daemon's socket.
  func ctl(_ arguments: String..., environment variables: [String: String] = [:]) throws -> ProgramOutput {
    try begin(arguments, variables).wait()
  }

  /// Runs a shell script as a user types it, both programs in PATH.
  func shell(_ script: String) throws -> ProgramOutput {
    try Program(["/bin/sh", "-c", script], environment: environment, filesIn: directory, of: self).wait()
  }
}
