import Foundation

@testable import PairServer

/// What systemd would be: receives the daemon's notifications.
final class NotificationSocket: Sendable {
  let path: String
  private let descriptor: CInt

  init(in directory: TemporaryDirectory, name: String = "notify") {
    path = "\(directory.path)/\(name)"
    descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    precondition(withSocketAddress(path, { bind(descriptor, $0, $1) }) == 0)
    var limit = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  /// Waits for the next notification.
  func next() throws -> String {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = recv(descriptor, &bytes, bytes.count, 0)
    guard count >= 0 else { throw TestFailure("no notification: \(String(cString: strerror(errno)))") }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// Waits until a notification has the line.
  func wait(for line: String) throws {
    while try !next().split(separator: "\n").contains(Substring(line)) {}
  }
}

struct TestFailure: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
