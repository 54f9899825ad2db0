import Glibc

/// How a program ended and what it said.
struct ProgramOutput: Hashable, CustomStringConvertible {
  /// The exit status, or 128 + the signal's number.
  var status: Int32
  var standardOutput: String
  var standardError: String

  /// The lines of standard output without their ends.
  var lines: [String] { standardOutput.split(separator: "\n").map { String($0) } }

  var description: String { "status \(status)\n--- stdout\n\(standardOutput)--- stderr\n\(standardError)" }
}

/// A program that was started.
struct Program {
  struct Failed: Error { var reason: String }

  /// Where the built programs are: beside the test bundle.
  static let directory: String = {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes { bytes in
      readlink("/proc/self/exe", bytes.baseAddress!.assumingMemoryBound(to: CChar.self), bytes.count)
    }
    let path = String(decoding: buffer[..<max(0, count)], as: UTF8.self)
    // The test runner may be the toolchain's; then the bundle is named on its command line.
    for candidate in [path] + CommandLine.arguments {
      let directory = candidate.lastIndex(of: "/").map { String(candidate[..<$0]) } ?? "."
      if access("\(directory)/pairnetctl", X_OK) == 0 { return directory }
    }
    return "."
  }()

  let process: pid_t
  private let outputPath: String
  private let errorPath: String
  /// Keeps the directory of its files while the program runs.
  private let owner: AnyObject?

  /// Starts a program found in `PATH`, its streams in files below `directory`.
  ///
  /// - Parameter environment: all of the program's environment.
  init(
    _ arguments: [String], environment: [String: String], filesIn directory: String, of owner: AnyObject? = nil
  ) throws {
    self.owner = owner
    let name = "\(directory)/\(UInt64.random(in: 0...UInt64.max))"
    outputPath = "\(name).out"
    errorPath = "\(name).err"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, outputPath, flags, 0o600)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errorPath, flags, 0o600)
    // As from a shell: test runners block signals in their threads, or ignore some, and a child inherits it.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let argv = arguments.map { strdup($0) } + [nil]
    let envp = environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var child = pid_t()
    let program = arguments[0].contains("/") ? arguments[0] : "\(Self.directory)/\(arguments[0])"
    let error = posix_spawn(&child, program, &actions, &attributes, argv, envp)
    guard error == 0 else { throw Failed(reason: "\(program): \(String(cString: strerror(error)))") }
    process = child
  }

  func signal(_ number: CInt) { kill(process, number) }

  /// What it has written to standard error so far.
  var standardErrorSoFar: String { Self.text(of: errorPath) }

  /// Waits for its end. After `seconds` it is killed, which the status shows.
  func wait(seconds: Double = 120) -> ProgramOutput {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var status: Int32 = 0
    while waitpid(process, &status, WNOHANG) == 0 {
      if ContinuousClock.now > deadline {
        kill(process, SIGKILL)
        waitpid(process, &status, 0)
        break
      }
      usleep(2_000)
    }
    let signal = status & 0x7f
    return ProgramOutput(
      status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, standardOutput: Self.text(of: outputPath),
      standardError: Self.text(of: errorPath))
  }

  private static func text(of path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }
}
