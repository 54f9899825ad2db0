import Glibc
import PairAPI
import PairCore
import Testing

@testable import pairnetctl

@Suite("Asking the daemon")
struct DaemonClientTests {
  private let directory: TemporaryDirectory
  private let path: String

  init() throws {
    directory = try TemporaryDirectory()
    path = "\(directory.path)/s"
  }

  private func answer(_ status: Int, _ body: some Encodable) throws -> [UInt8] {
    let bytes = try JSON.encode(body)
    return Array("HTTP/1.1 \(status) X\r\nContent-Length: \(bytes.count)\r\n\r\n".utf8) + bytes
  }

  private func client(timeout: Duration = .seconds(10)) -> DaemonClient {
    DaemonClient(socketPath: path, timeout: timeout)
  }

  @Test("An answer is decoded, and the request says what it wants")
  func success() throws {
    let bytes = try answer(200, HealthResponse())
    let server = try StubServer(path: path) { _ in bytes }
    defer { server.stop() }
    let health: HealthResponse = try client().get(.health, [QueryItem("a b", "ü")])
    #expect(health.status == "ok")
    #expect(server.requests.first?.hasPrefix("GET /v1/health?a%20b=%C3%BC HTTP/1.1\r\nHost: localhost\r\n") == true)
  }

  @Test("A body is sent with its length")
  func post() throws {
    let bytes = try answer(200, ControlResponse(jobs: [1]))
    let server = try StubServer(path: path) { _ in bytes }
    defer { server.stop() }
    let answer: ControlResponse = try client().post(.cancel, ControlRequest(JobFilter(jobs: [1])))
    #expect(answer.jobs == [1])
    #expect(server.requests.first?.hasSuffix("\r\n\r\n{\"jobs\":[1],\"parameters\":{}}") == true)
  }

  @Test("Pages are asked for until one is not full")
  func pages() throws {
    let studies = { (ids: ClosedRange<Int64>) in
      StudiesResponse(
        studies: ids.reversed().map { StudyRecord(id: $0, name: "s\($0)", submittedAt: "", counts: [:]) })
    }
    let full = try answer(200, studies(2...Int64(Limits.pageMax) + 1))
    let rest = try answer(200, studies(1...1))
    let server = try StubServer(path: path) { $0.contains("after=2") ? rest : full }
    defer { server.stop() }
    #expect(try client().studies().map(\.id) == Array(1...Int64(Limits.pageMax) + 1))
  }

  @Test("Where nothing listens, the socket and the way to start the daemon are named")
  func notRunning() throws {
    let failure = #expect(throws: Failure.self) { let _: HealthResponse = try client().get(.health) }
    #expect(failure?.status == .unreachable)
    #expect(failure?.message.contains("nothing listens on \(path)") == true)
    #expect(failure?.message.contains("systemctl start pairnetd") == true)
  }

  @Test("Where the socket may not be used, its group is named")
  func noPermission() throws {
    directory.write([], to: "s")
    let group = try #require(getgrgid(getegid())).pointee.gr_name.map { String(cString: $0) } ?? ""
    let failure = Failure(unreachable: path, errno: EACCES, timeout: .seconds(1))
    #expect(failure.status == .unreachable)
    #expect(failure.message.contains("open to group \(group): 'sudo usermod -aG \(group) "))
  }

  @Test("A daemon that does not answer in time is unreachable")
  func timeout() throws {
    let server = try StubServer(path: path) { _ in nil }
    defer { server.stop() }
    let failure = #expect(throws: Failure.self) {
      let _: HealthResponse = try client(timeout: .milliseconds(50)).get(.health)
    }
    #expect(failure?.status == .unreachable)
    #expect(failure?.message.contains("did not answer on \(path) within 0.05 s") == true)
  }

  @Test(
    "Something else that listens is not taken for the daemon",
    arguments: ["", "220 mail ESMTP\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"])
  func strangers(text: String) throws {
    let server = try StubServer(path: path) { _ in Array(text.utf8) }
    defer { server.stop() }
    let failure = #expect(throws: Failure.self) { let _: HealthResponse = try client().get(.health) }
    #expect(failure?.status == .unreachable)
  }

  @Test("An answer of another version is said to be one")
  func otherVersion() throws {
    let bytes = try answer(200, ["state": 3])
    let server = try StubServer(path: path) { _ in bytes }
    defer { server.stop() }
    let failure = #expect(throws: Failure.self) { let _: HealthResponse = try client().get(.health) }
    #expect(failure?.status == .failed)
    #expect(failure?.message.contains("of the same version") == true)
  }

  @Test("A socket path that the system cannot hold is a usage error", arguments: [0, 108, 500])
  func longPath(length: Int) {
    let client = DaemonClient(socketPath: String(repeating: "x", count: length), timeout: .seconds(1))
    let failure = #expect(throws: Failure.self) { let _: HealthResponse = try client.get(.health) }
    #expect(failure?.status == .usage)
  }
}
