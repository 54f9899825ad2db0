import Glibc

/// A file that cannot be read.
struct FileError: Error, CustomStringConvertible {
  /// The system's error number.
  var code: CInt
  var description: String { "cannot be read: \(String(cString: strerror(code)))" }
}

/// The first `limit` bytes of a file.
func readBytes(of path: String, limit: Int) throws(FileError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw FileError(code: errno) }
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: limit)
  var count = 0
  while count < limit {
    let got = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + count, limit - count) }
    if got < 0 {
      if errno == EINTR { continue }
      throw FileError(code: errno)
    }
    if got == 0 { break }
    count += got
  }
  return Array(bytes[..<count])
}
