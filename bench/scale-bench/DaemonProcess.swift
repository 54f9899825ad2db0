import Foundation
import PairAPI

/// A daemon of its own, asked over its socket with a connection a request, as the client does it.
final class DaemonProcess {
  private let process = Process()
  private let socketPath: String

  struct Failed: Error, CustomStringConvertible { let description: String }

  /// Returns when it answers.
  init(_ programs: String, stateDirectory: String) throws {
    socketPath = "\(stateDirectory).sock"
    process.executableURL = URL(filePath: "\(programs)/pairnetd")
    process.arguments = [
      "--state-directory", stateDirectory, "--socket", socketPath, "--workers", "2", "--log-level", "error",
    ]
    process.standardError = FileHandle.standardError
    try process.run()
    let deadline = ContinuousClock.now + .seconds(60)
    while true {
      do {
        try get(Route.health.path)
        return
      } catch {
        guard process.isRunning, ContinuousClock.now < deadline else { throw error }
        usleep(20_000)
      }
    }
  }

  func stop() {
    process.terminate()
    process.waitUntilExit()
  }

  func get(_ target: String) throws { try send("GET", target, "") }
  func post(_ route: Route, _ body: String) throws { try send("POST", route.path, body) }

  private func send(_ method: String, _ target: String, _ body: String) throws {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard socketPath.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw Failed(description: "\(socketPath) is too long for a socket: set TMPDIR")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socketPath.utf8) }
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard connected == 0 else { throw Failed(description: "\(socketPath): \(String(cString: strerror(errno)))") }
    var request = Array(
      """
      \(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
      Content-Length: \(body.utf8.count)\r\n\r\n\(body)
      """.utf8)[...]
    while !request.isEmpty {
      let count = request.withUnsafeBytes { write(descriptor, $0.baseAddress!, $0.count) }
      guard count > 0 else { throw Failed(description: "the daemon closed the connection") }
      request.removeFirst(count)
    }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      answer += buffer[..<count]
    }
    guard answer.starts(with: Array("HTTP/1.1 200".utf8)) else {
      throw Failed(description: "\(method) \(target): \(String(decoding: answer.prefix(500), as: UTF8.self))")
    }
  }

  /// User and system time so far, to the clock's tick (10 ms).
  var processorMilliseconds: Double {
    // Fields are counted after the program's name, which may hold anything.
    let fields = text("stat").split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return .nan }
    return (user + system) * 1e3 / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// How often each of its threads has been put to sleep or aside.
  var contextSwitches: [String: Int] {
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.processIdentifier)/task")) ?? []
    return Dictionary(uniqueKeysWithValues: tasks.map { ($0, contextSwitches(ofThread: $0)) })
  }

  private func contextSwitches(ofThread thread: String) -> Int {
    text("task/\(thread)/status").split(separator: "\n").filter { $0.contains("ctxt_switches") }
      .compactMap { Int($0.split(separator: "\t").last ?? "") }.reduce(0, +)
  }

  var residentMegabytes: Double {
    let line = text("status").split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return (line?.split(separator: " ").dropLast().last.flatMap { Double($0) } ?? .nan) / 1024
  }

  private func text(_ file: String) -> String {
    (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/\(file)", encoding: .utf8)) ?? ""
  }
}
