#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The folder that one daemon owns, by a lock that the kernel drops when the process ends, however it ends.
///
/// Whoever holds a `StateDirectory` is the only one who may open its database for writing or bind its socket.
package final class StateDirectory: Sendable {
  package let path: String
  private let descriptor: CInt

  package var databasePath: String { "\(path)/pairnet.db" }

  /// Takes the lock of an existing directory.
  ///
  /// - Throws: `StoreError.locked` naming the holder, or `.inaccessible` if the directory is missing, is none, or may
  ///   not be written to.
  package init(locking path: String) throws(StoreError) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .inaccessible(path: path, reason: "the state directory cannot be used: \(Self.reason())")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw .inaccessible(path: path, reason: "the state directory is a file")
    }
    let lock = "\(self.path)/lock"
    descriptor = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
    guard descriptor >= 0 else {
      throw .inaccessible(path: lock, reason: "the state directory cannot be written to: \(Self.reason())")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      let pid = Self.holder(descriptor)
      close(descriptor)
      guard code == EWOULDBLOCK else {
        throw .inaccessible(path: lock, reason: "the state directory cannot be locked: \(Self.reason(code))")
      }
      throw .locked(directory: self.path, pid: pid)
    }
    let pid = Array("\(getpid())\n".utf8)
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, pid, pid.count, 0) == pid.count else {
      let code = errno
      close(descriptor)
      throw code == ENOSPC
        ? .diskFull(path: lock) : .inaccessible(path: lock, reason: "cannot be written: \(Self.reason(code))")
    }
  }

  deinit {
    // Closing unlocks. The file stays: to unlink it could let two daemons lock two files of one name.
    close(descriptor)
  }

  private static func holder(_ descriptor: CInt) -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return Int32(String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
  }

  private static func reason(_ code: CInt = errno) -> String { String(cString: strerror(code)) }
}
