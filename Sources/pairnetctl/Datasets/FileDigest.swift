import CZlib
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

  /// SHA-256 of what a gzip file decompresses to, or nil if there is no such file, it is damaged, or it decompresses to
  /// more than `byteCountMax` bytes.
  static func sha256(decompressing path: String, byteCountMax: Int = 256 << 20) -> String? {
    guard let file = gzopen(path, "re") else { return nil }
    defer { gzclose(file) }
    var hash = SHA256()
    var total = 0
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = Int(gzread(file, buffer.baseAddress, UInt32(buffer.count)))
      total += count
      guard count >= 0, total <= byteCountMax else { return nil }
      if count == 0 { break }
      hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    // A file that is cut off reads as if it ended well, but for this.
    var status: CInt = 0
    gzerror(file, &status)
    return status == Z_OK || status == Z_STREAM_END ? hash.finalize().hexadecimal : nil
  }

  /// Bytes of a file, or nil if there is no such file.
  static func byteCount(ofFile path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }
}
