import Glibc
import PairAPI
import PairCore

extension Failure {
  /// What the daemon answered instead of a success.
  init(refusal response: HTTPResponseParser) {
    guard let error = try? JSON.decode(ErrorResponse.self, from: response.body) else {
      self.init(.failed, "the daemon answered with HTTP status \(response.status)")
      return
    }
    if [.badRequest, .unprocessable].contains(error.error), let key = error.key, Self.isOption(key),
      let allowed = error.allowed
    {
      self.init(SpecError(key: key, value: error.value ?? "", allowed: allowed))
      return
    }
    var message = error.message
    if let key = error.key, !message.contains(key) { message = "\(key): \(message)" }
    self.init([.badRequest, .unprocessable, .tooLarge].contains(error.error) ? .usage : .failed, message)
  }

  /// The daemon cannot be asked: which socket, why, and what to do about it.
  init(unreachable path: String, errno number: CInt, timeout: Duration) {
    switch number {
    case ENOENT, ECONNREFUSED, ENOTDIR:
      self.init(
        .unreachable,
        """
        pairnetd is not running: nothing listens on \(path).
        Start it with 'systemctl start pairnetd' or by hand with 'pairnetd' (see 'pairnetd --help'), \
        or name its socket with --socket or PAIRNET_SOCKET.
        """)
    case EACCES, EPERM:
      let user = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "USER"
      let remedy =
        Self.group(of: path).map {
          "It is open to group \($0): 'sudo usermod -aG \($0) \(user)', then log in again."
        } ?? "It is open to its owner's group alone; 'ls -l \(path)' names it."
      self.init(.unreachable, "permission denied on \(path).\n\(remedy)")
    case ETIMEDOUT:
      self.init(
        .unreachable,
        "pairnetd did not answer on \(path) within \(Format.plain(timeout.seconds)) s. See 'systemctl status pairnetd'; "
          + "--timeout waits longer.")
    case ECONNRESET, EPIPE:
      self.init(
        .unreachable, "pairnetd closed the connection on \(path) before it answered. See 'systemctl status pairnetd'.")
    default:
      self.init(.unreachable, "pairnetd cannot be reached on \(path): \(systemError(number)).")
    }
  }

  /// The group that owns the socket, or its directory if the socket itself cannot be seen.
  private static func group(of path: String) -> String? {
    var status = stat()
    let parent = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    guard stat(path, &status) == 0 || stat(parent, &status) == 0, let group = getgrgid(status.st_gid) else {
      return nil
    }
    return String(cString: group.pointee.gr_name)
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
