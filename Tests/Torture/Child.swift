import Glibc
import Synchronization

/// A program of this build that was started, with its streams in files.
package final class Child: Sendable {
  package struct Failure: Error, CustomStringConvertible { package var description: String }

  /// How it ended: an exit status, or 128 and the number of the signal.
  package typealias Status = Int32

  let process: pid_t
  let outputPath: String
  let errorPath: String
  private let status = Mutex<Status?>(nil)

  /// Where the build puts programs: beside this one, or beside the test bundle that this is in.
  package static let directory: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let program = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    for candidate in [program] + CommandLine.arguments {
      let directory = candidate.lastIndex(of: "/").map { String(candidate[..<$0]) } ?? "."
      if access("\(directory)/pairnetd", X_OK) == 0 { return directory }
    }
    return "."
  }()

  /// - Parameters:
  ///   - arguments: the program's name or path, and what follows.
  ///   - environment: all of it but `PATH`.
  ///   - name: of its files for standard output and standard error, which are appended to.
  package init(_ arguments: [String], environment: [String: String] = [:], output name: String) throws(Failure) {
    outputPath = "\(name).out"
    errorPath = "\(name).err"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    let flags = O_WRONLY | O_CREAT | O_APPEND
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
    let path = arguments[0].contains("/") ? arguments[0] : "\(Self.directory)/\(arguments[0])"
    let argv = ([path] + arguments.dropFirst()).map { strdup($0) } + [nil]
    let variables = environment.merging(["PATH": "/usr/bin:/bin"]) { given, _ in given }
    let envp = variables.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var child = pid_t()
    let code = posix_spawn(&child, path, &actions, &attributes, argv, envp)
    guard code == 0 else { throw Failure(description: "\(path): \(String(cString: strerror(code)))") }
    process = child
  }

  deinit {
    if hasEnded == nil {
      kill(process, SIGKILL)
      _ = wait()
    }
  }

  package func signal(_ number: CInt) {
    status.withLock { if $0 == nil { kill(process, number) } }
  }

  /// How it ended, or nil while it runs.
  package var hasEnded: Status? {
    status.withLock { status in
      if status == nil {
        var word: Int32 = 0
        if waitpid(process, &word, WNOHANG) == process {
          let signal = word & 0x7f
          status = signal == 0 ? (word >> 8) & 0xff : 128 + signal
        }
      }
      return status
    }
  }

  /// Waits for its end; after so many seconds it is killed, which the status shows.
  package func wait(seconds: Double = 60) -> Status {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      if let status = hasEnded { return status }
      if ContinuousClock.now > deadline { signal(SIGKILL) }
      usleep(500)
    }
  }

  package var output: String { contents(of: outputPath) }
  package var errors: String { contents(of: errorPath) }
}

/// A file's text, or nothing if it cannot be read.
func contents(of path: String) -> String { String(decoding: bytes(of: path), as: UTF8.self) }

func bytes(of path: String) -> [UInt8] {
  guard let file = fopen(path, "r") else { return [] }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
  return bytes
}

func write(_ bytes: [UInt8], to path: String) throws(Child.Failure) {
  guard let file = fopen(path, "w") else {
    throw Child.Failure(description: "\(path): \(String(cString: strerror(errno)))")
  }
  let written = fwrite(bytes, 1, bytes.count, file)
  guard fclose(file) == 0, written == bytes.count else {
    throw Child.Failure(description: "\(path): \(String(cString: strerror(errno)))")
  }
}
