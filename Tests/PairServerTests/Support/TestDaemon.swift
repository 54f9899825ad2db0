import Foundation
import PairAPI
import PairCore

@testable import PairServer

/// The real `pairnetd`, in a process of its own.
final class TestDaemon {
  enum End: Equatable {
    case exited(Int32)
    case signalled(Int32)
  }

  let notifications: NotificationSocket
  let socketPath: String
  let pid: pid_t
  private let directory: TemporaryDirectory
  private let errorPath: String
  private var end: End?

  static let binary = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appending(path: "pairnetd").path

  /// Starts the daemon with its state in `directory`.
  ///
  /// - Parameters:
  ///   - descriptors: handed over from 3 on, as systemd does.
  ///   - fileBlocksMax: no file may grow beyond so many blocks of 512 bytes; a write beyond fails.
  init(
    in directory: TemporaryDirectory, state: String = "state", arguments: [String] = [],
    environment: [String: String] = [:], descriptors: [CInt] = [],
    fileBlocksMax: Int? = nil, name: String = UUID().uuidString
  ) throws {
    self.directory = directory
    notifications = NotificationSocket(in: directory, name: String(name.prefix(8)))
    socketPath = "\(directory.path)/api.sock"
    errorPath = "\(directory.path)/\(name).log"
    var variables = environment
    variables["NOTIFY_SOCKET"] = notifications.path
    variables["PAIRNET_CONFIG"] = variables["PAIRNET_CONFIG"] ?? "/dev/null"
    variables["PATH"] = "/usr/bin:/bin"
    // LISTEN_PID is the daemon's own, which only the process itself knows before exec.
    let limit = fileBlocksMax.map { "trap '' XFSZ; ulimit -f \($0); " } ?? ""
    let shell = limit + (descriptors.isEmpty ? "exec \"$0\" \"$@\"" : "LISTEN_PID=$$ exec \"$0\" \"$@\"")
    if !descriptors.isEmpty {
      variables["LISTEN_FDS"] = String(descriptors.count)
      variables["LISTEN_PID"] = "0"
    }
    let words =
      [
        "/bin/sh", "-c", shell, Self.binary, "--state-directory", "\(directory.path)/\(state)", "--socket", socketPath,
      ] + arguments
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 2, errorPath, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    for (index, descriptor) in descriptors.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, descriptor, CInt(3 + index))
    }
    // Else the daemon would keep locks and sockets open that belong to whoever runs the tests.
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
      guard let descriptor = CInt(name), descriptor >= 3 + descriptors.count else { continue }
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    var pid: pid_t = 0
    let code = Self.withCStrings(words) { arguments in
      Self.withCStrings(variables.map { "\($0)=\($1)" }) { environment in
        posix_spawn(&pid, "/bin/sh", &actions, nil, arguments, environment)
      }
    }
    guard code == 0 else { throw TestFailure("cannot start \(Self.binary): \(String(cString: strerror(code)))") }
    self.pid = pid
  }

  deinit {
    if end == nil {
      kill(pid, SIGKILL)
      _ = wait()
    }
  }

  /// Waits until the daemon says that it serves.
  func ready() throws -> TestDaemon {
    try notifications.wait(for: "READY=1")
    return self
  }

  func send(_ signal: Int32) { kill(pid, signal) }

  /// Waits until the process has ended; one that does not in two minutes is killed, which no test expects.
  func wait() -> End {
    if let end { return end }
    let pid = pid
    let deadline = DispatchWorkItem { kill(pid, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 120, execute: deadline)
    defer { deadline.cancel() }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7F
    let end = signal == 0 ? End.exited((status >> 8) & 0xFF) : .signalled(signal)
    self.end = end
    return end
  }

  /// What the daemon wrote to stderr.
  var log: String { (try? String(contentsOfFile: errorPath, encoding: .utf8)) ?? "" }

  private static func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var pointers = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
  }
}

extension TestDaemon {
  func get<Value: Decodable>(_ route: Route, _ query: [QueryItem] = []) throws -> Value {
    let answer = try RawHTTP(socketPath).send("GET", route.target(query))
    guard answer.status == 200 else {
      throw TestFailure("\(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
    }
    return try JSON.decode(Value.self, from: answer.body)
  }

  /// Submits a grid on `synthetic`.
  func submit(seeds: Int, epochs: Int, pairs: Int = 100, force: Bool = false) throws -> SubmitResponse {
    let body =
      #"{"grid":{"dataset":["synthetic"],"train_pairs":[\#(pairs)],"test_pairs":[20],"epochs":[\#(epochs)],"#
      + #""seed":[\#((1...seeds).map(String.init).joined(separator: ","))]},"force":\#(force)}"#
    let answer = try RawHTTP(socketPath).send("POST", Route.studies.path, body: body)
    guard answer.status == 200 else {
      throw TestFailure("\(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
    }
    return try JSON.decode(SubmitResponse.self, from: answer.body)
  }

  /// Follows the study until the condition holds.
  func follow(_ study: Int64, until holds: (ProgressResponse) -> Bool) throws -> ProgressResponse {
    var version: String?
    while true {
      let query = ProgressQuery(after: version, timeoutSeconds: 30, intervalSeconds: 0)
      let progress: ProgressResponse = try get(.progress(study: study), query.queryItems)
      if holds(progress) { return progress }
      guard !progress.isDone else { throw TestFailure("the study ended as \(progress.study.counts)") }
      version = progress.version
    }
  }
}
