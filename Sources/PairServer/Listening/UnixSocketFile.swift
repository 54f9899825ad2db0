import Glibc

/// How the daemon's own socket is published.
///
/// Goals: no moment at which the public name has wrong permissions, and none at which a living daemon loses its socket
/// to a second one. Whoever may open the file may use the whole API, so the mode and the group are the access control.
package struct UnixSocketFile: Hashable, Sendable {
  package var path: String
  /// Permission bits, as in 0o660.
  package var mode: UInt32
  /// The group that the file is given, by name or number; nil leaves the daemon's own.
  package var group: String?

  package init(path: String, mode: UInt32 = 0o660, group: String? = nil) {
    self.path = path
    self.mode = mode
    self.group = group
  }

  /// The longest path that a socket address holds, less the suffix of the temporary name.
  package static let pathBytesMax = 107 - temporarySuffix.utf8.count
  private static let temporarySuffix = ".new"

  /// Binds under a temporary name, sets mode and group, listens, then renames to the public name.
  ///
  /// A stale socket at the public name is replaced. Call this only while holding the state directory's lock: a second
  /// daemon on the same directory is then already gone.
  /// - Throws: `ListenError`
  package func listen() throws(ListenError) -> ListeningSocket {
    guard path.utf8.count <= Self.pathBytesMax else {
      throw ListenError(.cannotCreate, "socket path '\(path)' is longer than \(Self.pathBytesMax) bytes")
    }
    try refuseOccupied()
    let gid = try groupNumber()

    let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw ListenError(.cannotCreate, "cannot create a socket: \(systemError())") }
    let temporary = path + Self.temporarySuffix
    unlink(temporary)
    func giveUp(_ what: String) -> ListenError {
      let reason = systemError()
      close(descriptor)
      unlink(temporary)
      return ListenError(.cannotCreate, "cannot \(what) socket '\(path)': \(reason)")
    }
    guard withSocketAddress(temporary, { bind(descriptor, $0, $1) }) == 0 else { throw giveUp("create") }
    if let gid, chown(temporary, uid_t.max, gid) != 0 { throw giveUp("give group '\(group ?? "")' to") }
    guard chmod(temporary, mode_t(mode)) == 0 else { throw giveUp("set the mode of") }
    guard Self.listen(descriptor) == 0 else { throw giveUp("listen on") }
    guard rename(temporary, path) == 0 else { throw giveUp("publish") }
    return ListeningSocket(descriptor: descriptor, path: path, isOwn: true)
  }

  private static func listen(_ descriptor: CInt) -> CInt {
    Glibc.listen(descriptor, 128)
  }

  /// A socket that nobody answers is stale and may be replaced; anything else at the path may not.
  private func refuseOccupied() throws(ListenError) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      guard errno == ENOENT else {
        throw ListenError(.cannotCreate, "cannot use socket path '\(path)': \(systemError())")
      }
      return
    }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw ListenError(
        .cannotCreate, "'\(path)' is there and is not a socket; remove it or choose another socket.path")
    }
    let probe = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard probe >= 0 else { throw ListenError(.cannotCreate, "cannot create a socket: \(systemError())") }
    defer { close(probe) }
    if withSocketAddress(path, { connect(probe, $0, $1) }) == 0 {
      throw ListenError(.inUse, "another process answers on socket '\(path)'; stop it or choose another socket.path")
    }
    guard errno == ECONNREFUSED else {
      throw ListenError(.cannotCreate, "cannot replace socket '\(path)': \(systemError())")
    }
  }

  private func groupNumber() throws(ListenError) -> gid_t? {
    guard let group else { return nil }
    if let number = gid_t(group) { return number }
    var record = Glibc.group()
    var found: UnsafeMutablePointer<Glibc.group>?
    var buffer = [CChar](repeating: 0, count: 65_536)
    let code = getgrnam_r(group, &record, &buffer, buffer.count, &found)
    guard code == 0, found != nil else {
      throw ListenError(.cannotCreate, "there is no group '\(group)' to give the socket to")
    }
    return record.gr_gid
  }
}

/// Calls `body` with the address of the Unix socket at `path`, which must fit.
func withSocketAddress<Result>(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  let bytes = Array(path.utf8)
  precondition(bytes.count < MemoryLayout.size(ofValue: address.sun_path), "the path fits the address")
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
  return withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
  }
}
