import Glibc

/// The real daemon on a directory of its own, started again and again.
final class Daemon: Sendable {
  let directory: Directory
  let state: String
  let socket: String
  let child: Child
  var client: Client { Client(socket: socket) }

  /// - Parameters:
  ///   - state: another state directory than the one in `directory`.
  ///   - environment: what disturbs it.
  ///   - settings: further lines of its configuration file.
  init(
    in directory: Directory, state: String? = nil, workers: Int = 2, environment: [String: String] = [:],
    settings: [String] = []
  ) throws(Child.Failure) {
    self.directory = directory
    self.state = if let state { state } else { try directory.make("state") }
    socket = "\(directory.path)/api.sock"
    let data = try directory.make("data")
    let tiny = try directory.make("data/\(TinyDataset.name)")
    if access("\(tiny)/t10k-labels-idx1-ubyte", F_OK) != 0 { try TinyDataset.write(into: tiny) }
    let configuration = "\(directory.path)/pairnetd.yaml"
    try write(Array((settings + [""]).joined(separator: "\n").utf8), to: configuration)
    child = try Child(
      [
        "pairnetd", "--config", configuration, "--state-directory", self.state, "--data-directory", data,
        "--socket", socket, "--workers", String(workers),
      ], environment: environment, output: "\(directory.path)/pairnetd")
  }

  /// Waits until it answers, or has ended.
  ///
  /// - Returns: whether it answers.
  func isReady(seconds: Double = 60) -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
      if child.hasEnded != nil { return false }
      if client.get("/v1/health").body != nil { return true }
      usleep(1000)
    }
    return false
  }

  /// Kills it as nobody can prevent, and waits for its end.
  @discardableResult
  func kill9() -> Child.Status {
    child.signal(SIGKILL)
    return child.wait()
  }

  /// Asks it to stop, and waits for its end.
  func stop() -> Child.Status {
    child.signal(SIGTERM)
    return child.wait()
  }

  /// What its lives have written to standard error, the latest last.
  var log: String { child.errors }
}
