import ArgumentParser
import Glibc

/// How to reach the daemon.
struct ConnectionOptions: ParsableArguments {
  static let defaultSocket = "/run/pairnet/api.sock"

  @Option(
    help: ArgumentHelp(
      "The daemon's Unix socket. (default: $PAIRNET_SOCKET, or \(defaultSocket))", valueName: "path"),
    completion: .file())
  var socket: String?

  @Option(help: ArgumentHelp("Give up when the daemon has not answered a request for so long.", valueName: "seconds"))
  var timeout: Double = 30

  func validate() throws {
    guard timeout > 0, timeout <= 86_400 else {
      throw ValidationError("--timeout: '\(timeout)' is not allowed; give seconds in (0, 86400]")
    }
  }

  var client: DaemonClient {
    let fromEnvironment = getenv("PAIRNET_SOCKET").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    return DaemonClient(
      socketPath: socket ?? fromEnvironment ?? Self.defaultSocket, timeout: .milliseconds(Int(timeout * 1000)))
  }
}
