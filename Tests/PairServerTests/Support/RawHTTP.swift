import Foundation

@testable import PairServer

/// The bytes of HTTP, written and read by hand, so that tests see what the daemon really sends.
struct RawHTTP {
  struct Answer {
    var status: Int
    var head: String
    var body: [UInt8]
  }

  private let path: String

  init(_ path: String) { self.path = path }

  func send(_ method: String, _ target: String, body: String = "") throws -> Answer {
    try exchange(
      "\(method) \(target) HTTP/1.1\r\nHost: pairnetd\r\nConnection: close\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
  }

  /// Sends the text as it is, and reads until the daemon closes the connection or the answer is complete.
  func exchange(_ text: String) throws -> Answer {
    let descriptor = try connected()
    defer { close(descriptor) }
    return try exchange(text, on: descriptor)
  }

  func exchange(_ text: String, on descriptor: CInt) throws -> Answer {
    // A daemon that answers early may not read on; its answer counts.
    do { try write(text, to: descriptor) } catch is BrokenPipe {}
    return try answer(on: descriptor)
  }

  private struct BrokenPipe: Error {}

  func write(_ text: String, to descriptor: CInt) throws {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
      }
      guard count > 0 else {
        throw errno == EPIPE || errno == ECONNRESET
          ? BrokenPipe() : TestFailure("send: \(String(cString: strerror(errno)))")
      }
      sent += count
    }
  }

  /// The next answer; `rest` keeps what came after it.
  func answer(on descriptor: CInt, rest: inout [UInt8]) throws -> Answer {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      if let (answer, length) = Self.parse(rest) {
        rest.removeFirst(length)
        return answer
      }
      let count = recv(descriptor, &chunk, chunk.count, 0)
      guard count > 0 else { throw TestFailure("the connection ended after \(rest.count) bytes") }
      rest += chunk[..<count]
    }
  }

  func answer(on descriptor: CInt) throws -> Answer {
    var rest: [UInt8] = []
    return try answer(on: descriptor, rest: &rest)
  }

  /// All that comes until the daemon closes the connection.
  func everything(on descriptor: CInt) throws -> [UInt8] {
    var received: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      guard count >= 0 else { throw TestFailure("recv: \(String(cString: strerror(errno)))") }
      if count == 0 { return received }
      received += chunk[..<count]
    }
  }

  func connected() throws -> CInt {
    let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    var limit = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    guard withSocketAddress(path, { connect(descriptor, $0, $1) }) == 0 else {
      defer { close(descriptor) }
      throw TestFailure("connect: \(String(cString: strerror(errno)))")
    }
    return descriptor
  }

  /// The answer and its length, once its head and as many bytes as its `Content-Length` are there.
  private static func parse(_ bytes: [UInt8]) -> (Answer, length: Int)? {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
    let lines = head.components(separatedBy: "\r\n")
    let length = lines.compactMap { line -> Int? in
      let field = line.split(separator: ":", maxSplits: 1)
      return field.first?.lowercased() == "content-length" ? Int(field[1].trimmingCharacters(in: .whitespaces)) : nil
    }.first
    let body = bytes[end.upperBound...]
    guard let length, body.count >= length, let status = Int(lines[0].split(separator: " ")[1]) else { return nil }
    return (Answer(status: status, head: head, body: Array(body.prefix(length))), end.upperBound + length)
  }
}
