#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A regular file, read whole and never beyond a limit.
enum InputFile {
  /// Tells a file from one that took its place: another inode, size or time of change.
  struct Stamp: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64
    let byteCount: Int
    let seconds: Int
    let nanoseconds: Int
  }

  /// The file's stamp, or nil if nothing is there.
  ///
  /// - Throws: `DatasetError.unusable` if the path cannot be looked at, or is not a regular file.
  static func stamp(of path: String) throws(DatasetError) -> Stamp? {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw .unusable(path: path, reason: "cannot be looked at: \(reasonOfLastError())")
    }
    return try stamp(from: status, path: path)
  }

  /// All bytes of the file.
  ///
  /// - Throws: `DatasetError.unusable` if it cannot be read or has more than `maxByteCount` bytes.
  static func bytes(of path: String, maxByteCount: Int) throws(DatasetError) -> [UInt8] {
    // O_NONBLOCK: a FIFO in a file's place must not hold the daemon up; regular files ignore it.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .unusable(path: path, reason: "cannot be opened: \(reasonOfLastError())") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .unusable(path: path, reason: "cannot be looked at: \(reasonOfLastError())")
    }
    let byteCount = try stamp(from: status, path: path).byteCount
    guard byteCount <= maxByteCount else {
      throw .unusable(path: path, reason: "has \(byteCount) bytes; at most \(maxByteCount) are read")
    }
    var failure: String?
    let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
      while count < byteCount {
        let got = read(descriptor, buffer.baseAddress! + count, byteCount - count)
        if got > 0 {
          count += got
        } else if got == 0 {
          break
        } else if errno != EINTR {
          failure = reasonOfLastError()
          break
        }
      }
    }
    if let failure { throw .unusable(path: path, reason: "cannot be read: \(failure)") }
    return bytes
  }

  /// The names in a directory, sorted; none if it cannot be listed.
  static func names(inDirectory path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names.sorted()
  }

  private static func stamp(from status: stat, path: String) throws(DatasetError) -> Stamp {
    guard status.st_mode & S_IFMT == S_IFREG else { throw .unusable(path: path, reason: "is not a regular file") }
    return Stamp(
      device: UInt64(status.st_dev), inode: UInt64(status.st_ino), byteCount: Int(status.st_size),
      seconds: Int(status.st_mtim.tv_sec), nanoseconds: Int(status.st_mtim.tv_nsec))
  }

  private static func reasonOfLastError() -> String { String(cString: strerror(errno)) }
}
