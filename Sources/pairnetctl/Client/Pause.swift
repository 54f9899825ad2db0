import Glibc

/// A moment between two questions to the daemon that nothing announces the answer of.
enum Pause {
  static func briefly() { usleep(100_000) }
}
