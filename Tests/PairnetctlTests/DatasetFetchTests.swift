import Crypto
import Glibc
import Testing

@testable import PairCore
@testable import pairnetctl

@Suite("Fetching a dataset", .enabled(if: Curl.run(["curl", "--silent", "--version", "--output", "/dev/null"]) != nil))
struct DatasetFetchTests {
  private static let contents: [String: [UInt8]] = [
    "images.gz": (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }, "labels.gz": Array("labels".utf8),
  ]

  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func fetch(_ mirrors: [String]) -> DatasetFetch {
    let files = Self.contents.sorted { $0.key < $1.key }.map { name, bytes in
      DatasetFile(
        name: name, byteCount: bytes.count, sha256: SHA256.hexadecimal(of: bytes),
        decompressedSHA256: SHA256.hexadecimal(of: Array("plain \(name)".utf8)))
    }
    let dataset = PublishedDataset(name: "toy", files: files, mirrors: ["https://mirror.example/"])
    return DatasetFetch(dataset: dataset, directory: directory.path, mirrors: mirrors, showsProgress: false)
  }

  private static func ok(_ body: [UInt8]) -> [UInt8] {
    Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n".utf8) + body
  }

  /// Serves the files; with ranges, as far as `knowsRanges` says.
  private func mirror(
    knowsRanges: Bool = true, _ contents: [String: [UInt8]] = Self.contents
  ) throws -> (server: StubServer, url: String) {
    let server = try StubServer { head in
      let name = String(head.split(separator: " ")[1].split(separator: "/").last ?? "")
      guard let body = contents[name] else {
        return Array("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
      }
      guard knowsRanges, let range = head.firstMatch(of: #/[Rr]ange: bytes=(\d+)-/#), let start = Int(range.1) else {
        return Self.ok(body)
      }
      guard start < body.count else {
        return Array("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
      }
      return Array(
        """
        HTTP/1.1 206 Partial Content\r
        Content-Length: \(body.count - start)\r
        Content-Range: bytes \(start)-\(body.count - 1)/\(body.count)\r
        Connection: close\r
        \r\n
        """.utf8) + body[start...]
    }
    return (server, "http://127.0.0.1:\(server.port)/")
  }

  private func expectComplete() {
    #expect(directory.names.filter { !$0.hasSuffix(".before") } == ["images.gz", "labels.gz"])
    for (name, bytes) in Self.contents {
      let isRight = directory.read(name) == bytes
      #expect(isRight, "\(name)")
    }
  }

  @Test("All files arrive under their names, and a second time nothing is asked for")
  func all() throws {
    let (server, url) = try mirror()
    defer { server.stop() }
    try fetch([url]).run()
    expectComplete()
    let requests = server.requests.count
    try fetch([url]).run()
    #expect(server.requests.count == requests)
  }

  @Test("An interrupted download goes on where it stopped")
  func resume() throws {
    let (server, url) = try mirror()
    defer { server.stop() }
    directory.write(Array(Self.contents["images.gz"]![..<20_000]), to: "images.gz.part")
    try fetch([url]).run()
    expectComplete()
    #expect(server.requests.first?.contains("ange: bytes=20000-") == true)
  }

  @Test("A part that does not fit is downloaded from the beginning", arguments: [true, false])
  func wrongPart(knowsRanges: Bool) throws {
    let (server, url) = try mirror(knowsRanges: knowsRanges)
    defer { server.stop() }
    directory.write(Array(repeating: 7, count: 20_000), to: "images.gz.part")
    try fetch([url]).run()
    expectComplete()
  }

  @Test("A part that is complete, or too long, needs no luck", arguments: [50_000, 50_001])
  func fullPart(count: Int) throws {
    let (server, url) = try mirror()
    defer { server.stop() }
    directory.write(Array((Self.contents["images.gz"]! + [0])[..<count]), to: "images.gz.part")
    try fetch([url]).run()
    expectComplete()
    #expect(server.requests.contains { $0.contains("images") } == (count > 50_000))
  }

  @Test("A mirror with wrong content is passed over for the next")
  func wrongContent() throws {
    var contents = Self.contents
    contents["images.gz"]![100] ^= 1
    let (bad, badURL) = try mirror(contents)
    defer { bad.stop() }
    let (good, goodURL) = try mirror()
    defer { good.stop() }
    try fetch([badURL, goodURL]).run()
    expectComplete()
  }

  @Test("Wrong content alone is an error that names both digests, and nothing wrong gets a name")
  func onlyWrongContent() throws {
    var contents = Self.contents
    contents["images.gz"]![100] ^= 1
    let (bad, url) = try mirror(contents)
    defer { bad.stop() }
    let failure = #expect(throws: Failure.self) { try fetch([url]).run() }
    #expect(failure?.status == .failed)
    #expect(failure?.message.contains("SHA-256 is \(SHA256.hexadecimal(of: contents["images.gz"]!)), not ") == true)
    #expect(directory.names == ["labels.gz"])
  }

  @Test("A file that is there but not right is kept aside")
  func keepsTheOld() throws {
    let (server, url) = try mirror()
    defer { server.stop() }
    directory.write([1, 2, 3], to: "labels.gz")
    try fetch([url]).run()
    expectComplete()
    #expect(directory.read("labels.gz.before") == [1, 2, 3])
  }

  @Test("A decompressed file that is right counts")
  func decompressed() throws {
    let (server, url) = try mirror()
    defer { server.stop() }
    directory.write(Array("plain images.gz".utf8), to: "images")
    try fetch([url]).run()
    #expect(directory.names == ["images", "labels.gz"])
  }

  @Test("A file compressed anew is right if it decompresses to the right bytes; a damaged one is not")
  func compressedAnew() throws {
    let (server, url) = try mirror()
    defer { server.stop() }
    directory.write(Array("plain images.gz".utf8), to: "images")
    #expect(Curl.run(["gzip", "--keep", "\(directory.path)/images"]) == 0)
    let compressed = directory.read("images.gz")
    #expect(FileDigest.sha256(decompressing: "\(directory.path)/images.gz") != nil)
    directory.write([], to: "images")
    try fetch([url]).run()
    #expect(directory.read("images.gz") == compressed)

    directory.write(Array((compressed ?? []).dropLast(9)), to: "images.gz")
    #expect(FileDigest.sha256(decompressing: "\(directory.path)/images.gz") == nil)
    try fetch([url]).run()
    #expect(directory.names == ["images", "images.gz", "images.gz.before", "labels.gz"])
  }

  @Test("A mirror that lacks a file is an error that says so")
  func missing() throws {
    let (server, url) = try mirror(["labels.gz": Self.contents["labels.gz"]!])
    defer { server.stop() }
    let failure = #expect(throws: Failure.self) { try fetch([url]).run() }
    #expect(failure?.message.contains("images.gz: \(url): the server does not have it") == true)
    #expect(directory.names == ["labels.gz"])
  }

  @Test("Offline, it says how to place the files by hand and keeps what was downloaded")
  func offline() throws {
    let (server, url) = try mirror()
    server.stop()
    directory.write([1, 2, 3], to: "images.gz.part")
    let failure = #expect(throws: Failure.self) { try fetch([url]).run() }
    #expect(failure?.status == .failed)
    let message = failure?.message ?? ""
    #expect(message.contains("offline"))
    #expect(message.contains("put them into \(directory.path)"))
    #expect(message.contains("https://mirror.example/"))
    #expect(message.contains("images.gz  50,000 bytes, SHA-256 "))
    #expect(directory.names == ["images.gz.part"])
  }

  @Test("Two fetches into one directory do not meet")
  func lock() throws {
    let descriptor = open(directory.path, O_RDONLY | O_DIRECTORY)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    let failure = #expect(throws: Failure.self) { try fetch([]).run() }
    #expect(failure?.message.contains("another fetch") == true)
  }
}
