import Testing

@testable import pairnetctl

@Suite("HTTP answers")
struct HTTPResponseParserTests {
  private func parse(_ text: String, portion: Int = .max) throws -> HTTPResponseParser {
    var parser = HTTPResponseParser()
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      try parser.consume(rest.prefix(portion))
      rest = rest.dropFirst(portion)
    }
    if !parser.isComplete { try parser.finish() }
    return parser
  }

  private static let answers = [
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Thing:  a: b\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nx-thing: a: b\r\n\r\n3\r\nhel\r\n2;x=1\r\nlo\r\n0\r\nT: 1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nx-thing: a: b\r\n\r\nhello",
    "HTTP/1.1 100 Continue\r\nX: 1\r\n\r\nHTTP/1.1 200 OK\nContent-Length: 5\nX-Thing: a: b\n\nhello",
  ]

  @Test("A body of known length, in chunks or up to the end reads the same in any portions", arguments: answers)
  func bodies(answer: String) throws {
    for portion in [1, 2, 3, 7, 64, 4_096] {
      let parser = try parse(answer, portion: portion)
      #expect(parser.isComplete)
      #expect(parser.status == 200)
      #expect(parser.headers["x-thing"] == "a: b")
      #expect(String(decoding: parser.body, as: UTF8.self) == "hello")
    }
  }

  @Test("An answer without a body is complete after its head")
  func noBody() throws {
    #expect(try parse("HTTP/1.1 204 No Content\r\n\r\n").isComplete)
    #expect(try parse("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").status == 404)
  }

  @Test(
    "What is not an answer is refused, and so is one that is cut off",
    arguments: [
      "", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 abc OK\r\n\r\n", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n",
      "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
      "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\n",
      "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhell", "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-1\r\n",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
      "HTTP/1.1 200 OK\r\nx: \(String(repeating: "y", count: 70_000))",
    ])
  func malformed(answer: String) {
    #expect(throws: HTTPResponseParser.Malformed.self) { try parse(answer) }
  }

  @Test("Random bytes and damaged answers never crash the parser", arguments: 0..<8)
  func fuzz(seed: UInt64) {
    var random = SplitMix(state: seed)  // the seed is the test's argument
    for _ in 0..<500 {
      var bytes = Array(Self.answers[Int.random(in: 0..<Self.answers.count, using: &random)].utf8)
      for _ in 0..<Int.random(in: 0..<6, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
      }
      var parser = HTTPResponseParser()
      _ = try? parser.consume(bytes)
      _ = try? parser.finish()
    }
  }
}

/// SplitMix64 (Steele, Lea & Flood 2014): small, and the same everywhere.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
