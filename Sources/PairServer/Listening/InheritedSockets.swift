import Glibc

/// Sockets that systemd bound for us, by the protocol of sd_listen_fds(3), without libsystemd.
package enum InheritedSockets {
  /// The first descriptor that is handed over.
  private static let first: CInt = 3

  /// Takes the handed-over sockets and clears the variables, so that no child process takes them too.
  ///
  /// - Returns: none if this process was not activated by a socket.
  /// - Throws: `ListenError` if one is not a listening Unix stream socket: the API knows its users by the file's
  ///   permissions, so it is not served on anything else.
  package static func take() throws(ListenError) -> [ListeningSocket] {
    let names = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"]
    defer { for name in names { unsetenv(name) } }
    guard let pid = environment("LISTEN_PID").flatMap({ pid_t($0) }), pid == getpid(),
      let count = environment("LISTEN_FDS").flatMap({ CInt($0) }), (1...64).contains(count)
    else { return [] }
    var sockets: [ListeningSocket] = []
    for descriptor in first..<(first + count) {
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      sockets.append(
        ListeningSocket(descriptor: descriptor, path: try unixListenerPath(of: descriptor), isOwn: false))
    }
    return sockets
  }

  private static func unixListenerPath(of descriptor: CInt) throws(ListenError) -> String {
    func option(_ name: CInt) -> CInt? {
      var value: CInt = 0
      var size = socklen_t(MemoryLayout<CInt>.size)
      return getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : nil
    }
    guard option(SO_DOMAIN) == AF_UNIX, option(SO_TYPE) == CInt(SOCK_STREAM.rawValue), option(SO_ACCEPTCONN) == 1 else {
      throw ListenError(
        .inheritedUnusable,
        "descriptor \(descriptor) from the service manager is not a listening Unix stream socket; "
          + "use ListenStream= with a path in the socket unit")
    }
    var address = sockaddr_un()
    var size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    guard code == 0 else { return "descriptor \(descriptor)" }
    return withUnsafeBytes(of: &address.sun_path) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

/// The value of an environment variable, or nil if it is not set.
package func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
