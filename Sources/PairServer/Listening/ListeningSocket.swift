import Glibc

/// A bound Unix socket: one of our own making, or one that the service manager handed over.
package struct ListeningSocket: Sendable {
  package let descriptor: CInt
  /// Where clients find it.
  package let path: String
  /// Whether the file is ours to remove at the end.
  package let isOwn: Bool

  /// Removes the socket's file, unless it is the service manager's.
  package func unpublish() {
    if isOwn { unlink(path) }
  }
}

/// A socket that cannot be listened on, as a sentence that says what to do.
package struct ListenError: Error, Sendable, CustomStringConvertible {
  package enum Kind: Sendable {
    /// The path or the permissions are wrong.
    case cannotCreate
    /// Another process answers there.
    case inUse
    /// What the service manager handed over is not a Unix stream socket.
    case inheritedUnusable
  }
  package let kind: Kind
  package let description: String

  init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}

/// What the operating system says of the latest failed call.
func systemError(_ code: CInt = errno) -> String { String(cString: strerror(code)) }
