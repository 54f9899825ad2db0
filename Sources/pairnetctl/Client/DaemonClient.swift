import Glibc
import PairAPI

/// Asks the daemon over its Unix socket, one HTTP/1.1 request a connection.
///
/// Blocking sockets and a parser of its own keep the client small: it starts in milliseconds.
struct DaemonClient: Sendable {
  var socketPath: String
  /// How long one request may take in all.
  var timeout: Duration

  func get<Answer: Decodable>(_ route: Route, _ query: [QueryItem] = []) throws(Failure) -> Answer {
    try decoded(from: request("GET", route.target(query)))
  }

  func post<Answer: Decodable>(_ route: Route, _ body: some Encodable) throws(Failure) -> Answer {
    let bytes: [UInt8]
    do { bytes = try JSON.encode(body) } catch { throw Failure(.failed, "the request cannot be written: \(error)") }
    guard bytes.count <= Limits.bodyBytesMax else {
      throw Failure(.usage, "the request has \(bytes.count) bytes; the daemon takes at most \(Limits.bodyBytesMax)")
    }
    return try decoded(from: request("POST", route.target(), body: bytes))
  }

  private func decoded<Answer: Decodable>(from response: HTTPResponseParser) throws(Failure) -> Answer {
    guard (200..<300).contains(response.status) else { throw Failure(refusal: response) }
    do {
      return try JSON.decode(Answer.self, from: response.body)
    } catch {
      throw Failure(
        .failed,
        """
        the daemon's answer cannot be read: \(error)
        Is pairnetd of the same version as pairnetctl? See 'pairnetctl status' and 'pairnetctl --version'.
        """)
    }
  }

  private func request(_ method: String, _ target: String, body: [UInt8]? = nil) throws(Failure) -> HTTPResponseParser {
    guard !socketPath.isEmpty, socketPath.utf8.count <= UnixSocket.pathBytesMax, !socketPath.utf8.contains(0) else {
      throw Failure(
        .usage,
        "--socket: '\(socketPath)' is not allowed; give a path of 1 to \(UnixSocket.pathBytesMax) bytes")
    }
    var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: application/json\r\n"
    if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n" }
    do {
      return try exchange(Array("\(head)\r\n".utf8) + (body ?? []))
    } catch let error as UnixSocket.Failed {
      throw Failure(unreachable: socketPath, errno: error.errno, timeout: timeout)
    } catch let error as HTTPResponseParser.Malformed {
      throw Failure(.unreachable, "\(socketPath) does not answer as pairnetd does: \(error.reason)")
    } catch {
      throw Failure(.failed, "\(error)")
    }
  }

  private func exchange(_ request: [UInt8]) throws -> HTTPResponseParser {
    let socket = try UnixSocket(connectingTo: socketPath, deadline: .now + timeout)
    // A server that refuses a long body early answers and closes: the answer, if one is there, says why.
    let isTaken = try socket.send(request)
    var response = HTTPResponseParser()
    while !response.isComplete {
      let bytes = try socket.receive()
      if bytes.isEmpty {
        guard isTaken || response.status != 0 else { throw UnixSocket.Failed(errno: EPIPE) }
        try response.finish()
      } else {
        try response.consume(bytes)
      }
    }
    return response
  }
}
