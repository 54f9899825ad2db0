import Glibc

/// Tells systemd how the daemon is, by the protocol of sd_notify(3), without libsystemd.
package enum ServiceManager {
  /// Sends one datagram of `NAME=value` lines to `NOTIFY_SOCKET`.
  ///
  /// - Returns: false if no service manager listens; then nobody needs to know.
  @discardableResult
  package static func notify(_ state: String) -> Bool {
    guard let path = environment("NOTIFY_SOCKET"), path.hasPrefix("/") || path.hasPrefix("@") else { return false }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
    // A name that begins with @ is abstract: in the address a zero byte stands for the @, and none ends the name.
    let isAbstract = bytes[0] == UInt8(ascii: "@")
    if isAbstract { bytes[0] = 0 }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1))
    let descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let message = Array(state.utf8)
    let sent = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(descriptor, message, message.count, CInt(MSG_NOSIGNAL), $0, length)
      }
    }
    return sent == message.count
  }

  /// Half of what the watchdog allows between two beats, or nil if it does not watch this process.
  package static var watchdogInterval: Duration? {
    guard let limit = environment("WATCHDOG_USEC").flatMap({ Int64($0) }), limit > 0 else { return nil }
    if let pid = environment("WATCHDOG_PID").flatMap({ pid_t($0) }), pid != getpid() { return nil }
    return .microseconds(limit / 2)
  }
}
