import Foundation
import NIOCore
import PairAPI
import PairCore
import Testing

@testable import PairServer

@Suite("What a client can do to the daemon", .serialized, .timeLimit(.minutes(2)))
struct ListenerTests {
  @Test("A client beyond the limit is answered 503 at once, the log says so, and there is room again afterwards")
  func connections() async throws {
    let fixture = try await ListeningFixture(limits: ListenerLimits(connectionsMax: 2))
    try await fixture.with { http in
      let held = try [http.connected(), http.connected()]
      // Both are accepted before the third one asks.
      for descriptor in held {
        #expect(try http.exchange("GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n", on: descriptor).status == 200)
      }
      let refused = try http.send("GET", "/v1/health")
      #expect(refused.status == 503)
      #expect(refused.head.contains("Retry-After: 1"))
      #expect(try JSON.decode(ErrorResponse.self, from: refused.body).error == .unavailable)
      close(held[0])
      var answer = try http.send("GET", "/v1/health")
      while answer.status == 503 { answer = try http.send("GET", "/v1/health") }
      #expect(answer.status == 200)
      close(held[1])
    }
    #expect(fixture.log.messages.contains { $0.hasPrefix("warning: 2 connections are open, as many as") })
    #expect(fixture.api.api.requests.reading.refused >= 1)
  }

  @Test(
    "A client that trickles is cut off, in its request's head or its body",
    arguments: ["GET /v1/hea", "POST /v1/sql HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n{"])
  func slow(start: String) async throws {
    var limits = ListenerLimits()
    limits.head = .milliseconds(300)
    limits.body = .milliseconds(300)
    let fixture = try await ListeningFixture(limits: limits)
    let sent = try await fixture.with { http in
      let descriptor = try http.connected()
      defer { close(descriptor) }
      try http.write(start, to: descriptor)
      var sent = 0
      while (try? http.write(" ", to: descriptor)) != nil {
        sent += 1
        usleep(10_000)
      }
      return sent
    }
    // A daemon that went by silence alone would take all of them.
    #expect(sent < 10_000)
  }

  @Test("A client that vanishes while it waits for progress is noticed, and nothing waits for it any more")
  func vanished() async throws {
    let fixture = try await ListeningFixture(isOpen: false)
    let study = try await fixture.api.submit(#","seed":[1,2,3]"#).study.id
    // Both workers hold at the gate: nothing changes any more.
    while fixture.api.scheduler.running.map(\.epoch) != [1, 1] { await Task.yield() }
    let current: ProgressResponse = try await fixture.api.get(.progress(study: study)).decode()
    let query = ProgressQuery(after: current.version, timeoutSeconds: 60)
    let target = Route.progress(study: study).target(query.queryItems)
    let descriptor = try await fixture.with { http in
      let descriptor = try http.connected()
      try http.write("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n", to: descriptor)
      return descriptor
    }
    while fixture.api.changes.waiterCount == 0 { await Task.yield() }
    close(descriptor)
    let start = ContinuousClock.now
    while fixture.api.changes.waiterCount > 0 { await Task.yield() }
    #expect(ContinuousClock.now - start < .seconds(30))
    #expect(!fixture.log.messages.contains { $0.hasPrefix("error") })
    fixture.api.gate.open()
    await fixture.api.scheduler.drain()
  }

  @Test("A client that has said all that it has to say, and says so, is still answered")
  func halfClosed() async throws {
    let fixture = try await ListeningFixture()
    let answer = try await fixture.with { http in
      let descriptor = try http.connected()
      defer { close(descriptor) }
      try http.write("GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n", to: descriptor)
      shutdown(descriptor, CInt(SHUT_WR))
      return try http.answer(on: descriptor)
    }
    #expect(answer.status == 200)
  }

  @Test("Requests that are sent without waiting are answered one after the other")
  func pipelined() async throws {
    let fixture = try await ListeningFixture()
    let statuses = try await fixture.with { http in
      let descriptor = try http.connected()
      defer { close(descriptor) }
      let targets = ["/v1/health", "/v1/nothing", "/v1/status?x=1", "/v1/health"]
      try http.write(targets.map { "GET \($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined(), to: descriptor)
      var rest: [UInt8] = []
      return try targets.map { _ in try http.answer(on: descriptor, rest: &rest).status }
    }
    #expect(statuses == [200, 404, 400, 200])
  }

  @Test("A client of HTTP/1.0 is answered, and the connection ends with the answer")
  func http10() async throws {
    let fixture = try await ListeningFixture()
    _ = try await fixture.api.submit(#","seed":[\#((1...450).map(String.init).joined(separator: ","))]"#)
    let bytes = try await fixture.with { http in
      let descriptor = try http.connected()
      defer { close(descriptor) }
      try http.write("GET /v1/jobs?limit=450 HTTP/1.0\r\n\r\n", to: descriptor)
      return try http.everything(on: descriptor)
    }
    let end = try #require(bytes.firstRange(of: Array("\r\n\r\n".utf8)))
    #expect(String(decoding: bytes[..<end.lowerBound], as: UTF8.self).hasPrefix("HTTP/1.0 200"))
    let answer: JobsResponse = try JSON.parse(Array(bytes[end.upperBound...]))
    #expect(answer.jobs.count == 450)
    await fixture.api.scheduler.drain()
  }

  @Test(
    "What is wrong with a request's head is answered with its own status",
    arguments: [
      ("GET /v1/health HTTP/1.1\r\nX: \(String(repeating: "a", count: 20_000))\r\n\r\n", 431),
      ("GET /v1/jobs?job=\(String(repeating: "1,", count: 20_000)) HTTP/1.1\r\nHost: x\r\n\r\n", 431),
      ("GET /v1/health HTTP/1.1\r\n\(String(repeating: "X: 1\r\n", count: 101))\r\n", 431),
      ("GET /v1/health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
      ("GET /v1/health HTTP/1.1\r\n\r\n", 400),
      ("GET /v1/health HTTP/1.1\r\nHost:\u{1}\r\n\r\n", 400),
      ("BREW /v1/health HTTP/1.1\r\nHost: x\r\n\r\n", 400),
      ("PROPFIND /v1/health HTTP/1.1\r\nHost: x\r\n\r\n", 405),
      ("GET v1/health HTTP/1.1\r\nHost: x\r\n\r\n", 400),
      ("GET /v1/health HTTP/9.9\r\nHost: x\r\n\r\n", 400),
      ("POST /v1/sql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
      ("POST /v1/sql HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", 400),
      ("POST /v1/sql HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}", 415),
      ("GET /v1/jobs?model=%FF%FE HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ])
  func wrongHead(text: String, status: Int) async throws {
    let fixture = try await ListeningFixture()
    let answer = try await fixture.with { try $0.exchange(text) }
    #expect(answer.status == status)
    #expect(try JSON.decode(ErrorResponse.self, from: answer.body).error.status == status)
    #expect(try await fixture.with { try $0.send("GET", "/v1/health").status } == 200)
  }
}
