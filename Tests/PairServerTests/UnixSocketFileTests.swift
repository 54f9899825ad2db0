import Foundation
import Testing

@testable import PairServer

@Suite("The socket's file")
struct UnixSocketFileTests {
  @Test(
    "It has its mode from the first moment on, and no temporary name is left",
    arguments: [0o600, 0o660, 0o666] as [UInt32])
  func mode(mode: UInt32) throws {
    let directory = TemporaryDirectory()
    let socket = try UnixSocketFile(path: "\(directory.path)/s", mode: mode).listen()
    defer { close(socket.descriptor) }
    var status = stat()
    #expect(stat("\(directory.path)/s", &status) == 0)
    #expect(status.st_mode & 0o777 == mode)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["s"])
    socket.unpublish()
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
  }

  @Test("A stale socket is replaced, also one with a temporary name")
  func stale() throws {
    let directory = TemporaryDirectory()
    let file = UnixSocketFile(path: "\(directory.path)/s")
    close(try file.listen().descriptor)
    close(try UnixSocketFile(path: "\(directory.path)/s.new").listen().descriptor)
    close(try file.listen().descriptor)
  }

  @Test("A socket that somebody answers is left alone")
  func occupied() throws {
    let directory = TemporaryDirectory()
    let file = UnixSocketFile(path: "\(directory.path)/s")
    let socket = try file.listen()
    defer { close(socket.descriptor) }
    let error = #expect(throws: ListenError.self) { try file.listen() }
    #expect(error?.kind == .inUse)
  }

  @Test("What is not a socket is left alone")
  func otherFile() throws {
    let directory = TemporaryDirectory()
    let path = try directory.write("precious", to: "s")
    let error = #expect(throws: ListenError.self) { try UnixSocketFile(path: path).listen() }
    #expect(error?.kind == .cannotCreate)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
  }

  @Test("A missing directory, an unknown group and a path that is too long are refused with the reason")
  func impossible() throws {
    let directory = TemporaryDirectory()
    let long = String(repeating: "x", count: UnixSocketFile.pathBytesMax)
    for (file, reason) in [
      (UnixSocketFile(path: "\(directory.path)/none/s"), "No such file or directory"),
      (UnixSocketFile(path: "\(directory.path)/s", group: "no-such-group"), "no group 'no-such-group'"),
      (UnixSocketFile(path: "/\(long)"), "longer than"),
    ] {
      let error = #expect(throws: ListenError.self) { try file.listen() }
      #expect(error?.description.contains(reason) == true)
    }
  }
}
