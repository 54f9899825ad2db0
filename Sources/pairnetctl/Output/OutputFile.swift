import Glibc

/// Files that commands write.
enum OutputFile {
  /// Writes all of `text` to a file of that name, whose earlier content is replaced only once the new one is there.
  static func write(_ text: String, to path: String) throws(Failure) {
    let part = "\(path).part"
    let descriptor = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Failure(.failed, "cannot write \(path): \(systemError())") }
    var reason: CInt = 0
    var text = text
    text.withUTF8 { bytes in
      var offset = 0
      while offset < bytes.count, reason == 0 {
        let written = Glibc.write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
        if written >= 0 { offset += written } else if errno != EINTR { reason = errno }
      }
    }
    if close(descriptor) != 0, reason == 0 { reason = errno }
    if reason == 0, rename(part, path) != 0 { reason = errno }
    guard reason == 0 else {
      unlink(part)
      throw Failure(.failed, "cannot write \(path): \(systemError(reason))")
    }
  }
}
