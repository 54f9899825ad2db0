import Glibc

/// Says a last sentence when Ctrl-C ends the program, at once and whatever it is doing.
enum Interruption {
  /// Replaced only while the signal has its default action, and by the one thread that there is: the handler never
  /// sees it change.
  nonisolated(unsafe) private static var sentence: UnsafeMutableBufferPointer<UInt8>?

  /// From now on SIGINT writes `message` to standard error and exits with 130.
  static func arm(message: String) {
    // A shell script's background jobs ignore Ctrl-C, and are to go on ignoring it.
    var action = sigaction()
    guard sigaction(SIGINT, nil, &action) == 0,
      unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) != unsafeBitCast(SIG_IGN, to: Int.self)
    else { return }
    disarm()
    let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: message.utf8.count)
    _ = bytes.initialize(from: message.utf8)
    sentence = bytes
    signal(SIGINT) { _ in
      // Only what POSIX calls async-signal-safe.
      if let sentence = Interruption.sentence { _ = write(STDERR_FILENO, sentence.baseAddress, sentence.count) }
      _exit(130)
    }
  }

  static func disarm() {
    guard let bytes = sentence else { return }
    signal(SIGINT, SIG_DFL)
    bytes.deallocate()
    sentence = nil
  }
}
