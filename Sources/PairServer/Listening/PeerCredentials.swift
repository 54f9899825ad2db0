import Glibc
import NIOCore

/// Who is at the other end of a Unix socket, as the kernel knows it.
///
/// The layout is that of `struct ucred`, which the Glibc module does not export.
package struct PeerCredentials: Hashable, Sendable {
  package var pid: pid_t
  package var uid: uid_t
  package var gid: gid_t
}

extension Channel {
  /// SO_PEERCRED of the connection, or nil if it is not over a Unix socket.
  func peerCredentials() async throws -> PeerCredentials? {
    guard case .unixDomainSocket = localAddress ?? remoteAddress, let provider = self as? any SocketOptionProvider
    else { return nil }
    return try await provider.unsafeGetSocketOption(
      level: .socket, name: NIOBSDSocket.Option(rawValue: CInt(SO_PEERCRED))
    ).get()
  }
}
