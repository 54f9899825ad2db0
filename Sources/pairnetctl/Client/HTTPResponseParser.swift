/// Reads one HTTP/1.1 answer from bytes as they arrive (RFC 9112): a body of known length, in chunks, or up to the
/// connection's end.
struct HTTPResponseParser {
  struct Malformed: Error, Hashable { var reason: String }

  /// Limits against an answer that never ends.
  static let headBytesMax = 65_536
  static let bodyBytesMax = 1 << 30

  private enum State: Hashable {
    case head
    case bodyOfLength(remaining: Int)
    case bodyToEnd
    case chunkSize
    case chunk(remaining: Int)
    case chunkEnd
    case trailers
    case complete
  }

  private(set) var status = 0
  private(set) var headers: [String: String] = [:]
  private(set) var body: [UInt8] = []
  private var state = State.head
  private var pending: [UInt8] = []
  /// Where in `pending` the next unread byte is.
  private var position = 0

  var isComplete: Bool { state == .complete }

  mutating func consume(_ bytes: some Sequence<UInt8>) throws(Malformed) {
    pending.append(contentsOf: bytes)
    while try step() {}
    pending.removeSubrange(..<position)
    position = 0
  }

  /// The connection has ended.
  mutating func finish() throws(Malformed) {
    if state == .bodyToEnd { state = .complete }
    guard state == .complete else {
      throw Malformed(reason: "the connection ended in the middle of an answer")
    }
  }

  /// Advances by one line or run of bytes; false when more bytes are needed.
  private mutating func step() throws(Malformed) -> Bool {
    switch state {
    case .head:
      guard let line = try line() else { return false }
      try headLine(line)
    case .bodyOfLength(let remaining):
      let taken = try take(atMost: remaining)
      state = taken == remaining ? .complete : .bodyOfLength(remaining: remaining - taken)
      return taken == remaining
    case .bodyToEnd:
      _ = try take(atMost: .max)
      return false
    case .chunkSize:
      guard let line = try line() else { return false }
      let size = line.prefix { $0 != ";" && $0 != " " }
      guard !size.isEmpty, size.allSatisfy(\.isHexDigit), let count = Int(size, radix: 16) else {
        throw Malformed(reason: "'\(line)' is not the size of a chunk")
      }
      state = count == 0 ? .trailers : .chunk(remaining: count)
    case .chunk(let remaining):
      let taken = try take(atMost: remaining)
      state = taken == remaining ? .chunkEnd : .chunk(remaining: remaining - taken)
      return taken == remaining
    case .chunkEnd:
      guard let line = try line() else { return false }
      guard line.isEmpty else { throw Malformed(reason: "a chunk is longer than its size") }
      state = .chunkSize
    case .trailers:
      guard let line = try line() else { return false }
      if line.isEmpty { state = .complete }
    case .complete:
      return false
    }
    return true
  }

  private mutating func headLine(_ line: String) throws(Malformed) {
    if status == 0 {
      let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), parts[1].utf8.count == 3, let code = Int(parts[1]),
        code >= 100
      else { throw Malformed(reason: "'\(line.prefix(60))' does not begin an HTTP answer") }
      status = code
    } else if !line.isEmpty {
      guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else {
        throw Malformed(reason: "'\(line.prefix(60))' is not a header")
      }
      let value = line[line.index(after: colon)...]
      headers[line[..<colon].lowercased()] = String(value.drop { $0 == " " || $0 == "\t" })
    } else if status < 200 {
      // 100 Continue and the like precede the answer.
      status = 0
      headers = [:]
    } else {
      state = try bodyState()
    }
  }

  private func bodyState() throws(Malformed) -> State {
    if status == 204 || status == 304 { return .complete }
    if let encoding = headers["transfer-encoding"] {
      guard encoding.lowercased() == "chunked" else {
        throw Malformed(reason: "the transfer encoding '\(encoding)' is not known")
      }
      return .chunkSize
    }
    guard let text = headers["content-length"] else { return .bodyToEnd }
    guard let length = Int(text), (0...Self.bodyBytesMax).contains(length) else {
      throw Malformed(reason: "'\(text)' is not a content length of at most \(Self.bodyBytesMax)")
    }
    return length == 0 ? .complete : .bodyOfLength(remaining: length)
  }

  /// The next line without its end, or nil if it has not arrived.
  private mutating func line() throws(Malformed) -> String? {
    guard let end = pending[position...].firstIndex(of: UInt8(ascii: "\n")) else {
      guard pending.count - position <= Self.headBytesMax else {
        throw Malformed(reason: "a line is longer than \(Self.headBytesMax) bytes")
      }
      return nil
    }
    var text = pending[position..<end]
    if text.last == UInt8(ascii: "\r") { text.removeLast() }
    position = end + 1
    guard headers.count <= 1_000 else { throw Malformed(reason: "there are more than 1000 headers") }
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func take(atMost count: Int) throws(Malformed) -> Int {
    let taken = min(count, pending.count - position)
    guard body.count + taken <= Self.bodyBytesMax else {
      throw Malformed(reason: "the answer is longer than \(Self.bodyBytesMax) bytes")
    }
    body.append(contentsOf: pending[position..<(position + taken)])
    position += taken
    return taken
  }
}
