import Glibc

/// Files read and written whole.
enum WholeFile {
  /// - Throws: a failure naming the file and why it cannot be read.
  static func read(_ path: String) throws(Failure) -> [UInt8] {
    guard let file = fopen(path, "re") else { throw Failure(.failed, "\(path) cannot be read: \(systemError())") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      bytes += chunk[..<count]
      guard count == chunk.count else { break }
    }
    guard ferror(file) == 0 else { throw Failure(.failed, "\(path) cannot be read: \(systemError())") }
    return bytes
  }

  /// Writes beside the file and renames, so that there is never half a file of that name.
  static func write(_ text: String, to path: String) throws(Failure) {
    let partial = "\(path).\(getpid()).part"
    guard let file = fopen(partial, "we") else { throw Failure(.failed, "\(path) cannot be written: \(systemError())") }
    var text = text
    let isWritten = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, file) == $0.count }
    let isFlushed = isWritten && fflush(file) == 0 && fsync(fileno(file)) == 0
    let code = errno
    guard fclose(file) == 0, isFlushed, rename(partial, path) == 0 else {
      let reason = systemError(isFlushed ? errno : code)
      unlink(partial)
      throw Failure(.failed, "\(path) cannot be written: \(reason)")
    }
  }
}
