import Glibc

/// A standard stream, written without buffering and without loss.
struct Standard: Sendable {
  static let output = Standard(descriptor: STDOUT_FILENO)
  static let error = Standard(descriptor: STDERR_FILENO)

  let descriptor: CInt

  /// Writes all of `text`. Where standard output cannot take it (a full disk), the process says so and ends with 1,
  /// because a table that is cut off must not look like success.
  func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var offset = 0
      while offset < bytes.count {
        let written = Glibc.write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
        if written >= 0 {
          offset += written
        } else if errno == EAGAIN {
          var descriptor = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&descriptor, 1, -1)
        } else if errno != EINTR {
          guard descriptor == STDOUT_FILENO else { return }  // nowhere left to complain
          Self.error.write("\(Pairnetctl._errorPrefix)cannot write to standard output: \(systemError())\n")
          exit(ExitStatus.failed.rawValue)
        }
      }
    }
  }
}

/// The text of `errno`, or of the error number given.
func systemError(_ number: CInt = errno) -> String { String(cString: strerror(number)) }

/// Prints a remark for a person on standard error.
func note(_ message: String) { Standard.error.write("pairnetctl: \(message)\n") }
