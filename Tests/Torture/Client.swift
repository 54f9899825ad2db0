import Foundation

/// One request after the other to a daemon that may die in the middle of any of them.
struct Client: Sendable {
  let socket: String
  /// How long an answer is waited for.
  var seconds = 30

  enum Answer {
    /// The daemon answered; the body is an empty dictionary if it is none.
    case answered(status: Int, body: [String: Any])
    /// Nobody listens: the request has not been seen.
    case unsent
    /// The connection ended or timed out before the answer: whether it was done is not known.
    case unknown

    /// Whether the request was refused for what it is, so that it was not done.
    var isOfTheClient: Bool { if case .answered(400..<500, _) = self { true } else { false } }

    /// The body, if it is a success.
    var body: [String: Any]? {
      if case .answered(let status, let body) = self, (200..<300).contains(status) { body } else { nil }
    }
  }

  func get(_ path: String) -> Answer { ask("GET", path, nil) }
  func post(_ path: String, _ body: [String: Any]) -> Answer { ask("POST", path, body) }

  private func ask(_ method: String, _ path: String, _ body: [String: Any]?) -> Answer {
    let descriptor = Glibc.socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return .unsent }
    defer { close(descriptor) }
    var limit = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    guard connect(descriptor) else { return .unsent }

    let payload = body.map { try! JSONSerialization.data(withJSONObject: $0, options: .sortedKeys) } ?? Data()
    var request = Array("\(method) \(path) HTTP/1.1\r\nHost: pairnetd\r\nConnection: close\r\n".utf8)
    if body != nil { request += Array("Content-Type: application/json\r\n".utf8) }
    request += Array("Content-Length: \(payload.count)\r\n\r\n".utf8) + payload
    var sent = 0
    while sent < request.count {
      let count = request.withUnsafeBytes {
        send(descriptor, $0.baseAddress! + sent, request.count - sent, CInt(MSG_NOSIGNAL))
      }
      guard count > 0 else { return .unknown }
      sent += count
    }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count >= 0 else { return .unknown }
      if count == 0 { break }
      answer += buffer[..<count]
    }
    return Self.parse(answer) ?? .unknown
  }

  private func connect(_ descriptor: CInt) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(socket.utf8)) }
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
  }

  /// - Returns: nil if the answer is cut off.
  private static func parse(_ bytes: [UInt8]) -> Answer? {
    let data = Data(bytes)
    guard let end = data.range(of: Data("\r\n\r\n".utf8)) else { return nil }
    let lines = String(decoding: data[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count >= 2, let status = Int(words[1]) else { return nil }
    var body = data[end.upperBound...]
    let headers = lines.dropFirst().map { $0.lowercased() }
    if let length = headers.first(where: { $0.hasPrefix("content-length:") })?.split(separator: " ").last {
      guard body.count == Int(length) else { return nil }
    } else if headers.contains(where: { $0.hasPrefix("transfer-encoding:") && $0.hasSuffix("chunked") }) {
      guard let whole = unchunked(body) else { return nil }
      body = whole
    }
    let object = try? JSONSerialization.jsonObject(with: body)
    return .answered(status: status, body: object as? [String: Any] ?? [:])
  }

  private static func unchunked(_ body: Data) -> Data? {
    var rest = body
    var whole = Data()
    while let line = rest.range(of: Data("\r\n".utf8)) {
      guard let size = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16) else { return nil }
      if size == 0 { return whole }
      guard rest[line.upperBound...].count >= size + 2 else { return nil }
      whole += rest[line.upperBound..<(line.upperBound + size)]
      rest = rest[(line.upperBound + size + 2)...]
    }
    return nil
  }
}
