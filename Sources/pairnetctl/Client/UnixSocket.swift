import Glibc

/// A connected stream socket; every call gives up at the deadline.
struct UnixSocket: ~Copyable {
  /// `errno` of a call that failed; `ETIMEDOUT` after the deadline.
  struct Failed: Error, Hashable { var errno: CInt }

  /// The longest path that `sockaddr_un` can hold, without its terminating zero.
  static let pathBytesMax = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

  private let descriptor: CInt
  private let deadline: ContinuousClock.Instant

  /// - Precondition: `path` has at most `pathBytesMax` bytes.
  init(connectingTo path: String, deadline: ContinuousClock.Instant) throws(Failed) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    precondition(path.utf8.count <= Self.pathBytesMax, "the socket's path is too long")
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }

    let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_UNIX, type, 0)
    guard descriptor >= 0 else { throw Failed(errno: errno) }
    while true {
      let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      if result == 0 { break }
      let reason = errno
      // A full backlog answers EAGAIN at once instead of waiting; try again shortly.
      guard reason == EINTR || reason == EAGAIN, ContinuousClock.now < deadline else {
        close(descriptor)
        throw Failed(errno: reason == EAGAIN ? ETIMEDOUT : reason)
      }
      if reason == EAGAIN { usleep(10_000) }
    }
    self.descriptor = descriptor
    self.deadline = deadline
  }

  deinit { close(descriptor) }

  /// Sends all of `bytes`; false if the other side closed before it took them.
  func send(_ bytes: [UInt8]) throws(Failed) -> Bool {
    var offset = 0
    while offset < bytes.count {
      let sent = bytes.withUnsafeBytes { buffer in
        Glibc.send(descriptor, buffer.baseAddress! + offset, buffer.count - offset, CInt(MSG_NOSIGNAL))
      }
      if sent >= 0 {
        offset += sent
      } else if errno == EPIPE || errno == ECONNRESET {
        return false
      } else {
        try wait(for: POLLOUT, after: errno)
      }
    }
    return true
  }

  /// The bytes that have arrived, at most 64 KiB; empty at the connection's end.
  func receive() throws(Failed) -> [UInt8] {
    while true {
      var count = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, initialized in
        count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        initialized = max(0, count)
      }
      if count >= 0 { return bytes }
      try wait(for: POLLIN, after: errno)
    }
  }

  private func wait(for event: CInt, after error: CInt) throws(Failed) {
    if error == EINTR { return }
    guard error == EAGAIN else { throw Failed(errno: error) }
    let left = ContinuousClock.now.duration(to: deadline)
    let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
    var request = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    let ready = poll(&request, 1, CInt(clamping: max(0, milliseconds)))
    if ready == 0 { throw Failed(errno: ETIMEDOUT) }
    if ready < 0, errno != EINTR { throw Failed(errno: errno) }
  }
}
