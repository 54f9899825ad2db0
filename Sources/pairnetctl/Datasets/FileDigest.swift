import Crypto
import Glibc
import PairCore

/// Files on disk, told by what is in them.
enum FileDigest {
  /// SHA-256 of a file in lower-case hexadecimal, or nil if there is no such file.
  static func sha256(ofFile path: String) throws(Failure) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw Failure(.failed, "cannot read \(path): \(systemError())")
    }
    defer { close(descriptor) }
    var hash = SHA256()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Failure(.failed, "cannot read \(path): \(systemError())") }
      if count == 0 { return hash.finalize().hexadecimal }
      hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// Bytes of a file, or nil if there is no such file.
  static func byteCount(ofFile path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }
}
