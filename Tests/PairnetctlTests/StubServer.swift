import Glibc
import Synchronization

/// A server for tests: one request a connection, answered by a closure.
final class StubServer: Sendable {
  enum Failed: Error { case call(String, errno: CInt) }

  private let listener: CInt
  /// The TCP port on 127.0.0.1, or 0 for a Unix socket.
  let port: UInt16
  private let heads = Mutex<[String]>([])

  /// The request heads received so far.
  var requests: [String] { heads.withLock { $0 } }

  /// Listens on the Unix socket at `path`.
  convenience init(path: String, answer: @escaping @Sendable (String) -> [UInt8]?) throws {
    let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    try self.init(descriptor, &address, answer)
  }

  /// Listens on a free TCP port of 127.0.0.1.
  convenience init(answer: @escaping @Sendable (String) -> [UInt8]?) throws {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    try self.init(descriptor, &address, answer)
  }

  /// - Parameter answer: from a request's head makes the bytes to send; nil leaves the request unanswered.
  private init<Address>(
    _ descriptor: CInt, _ address: inout Address, _ answer: @escaping @Sendable (String) -> [UInt8]?
  ) throws {
    listener = descriptor
    let size = socklen_t(MemoryLayout<Address>.size)
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
    }
    guard bound == 0, listen(descriptor, 16) == 0 else { throw Failed.call("bind", errno: errno) }
    var name = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    port = name.sin_family == sa_family_t(AF_INET) ? UInt16(bigEndian: name.sin_port) : 0
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Work { [self] in serve(answer) })
    pthread_create(
      &thread, nil,
      { argument in
        Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue().body()
        return nil
      }, box.toOpaque())
    pthread_detach(thread)
  }

  private final class Work {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  /// Ends the serving thread, and with it the last reference to this server.
  func stop() { shutdown(listener, CInt(SHUT_RDWR)) }

  private func serve(_ answer: (String) -> [UInt8]?) {
    var unanswered: [CInt] = []
    while true {
      let connection = accept(listener, nil, nil)
      if connection < 0 { break }
      let head = readHead(connection)
      heads.withLock { $0.append(head) }
      guard let bytes = answer(head) else {
        unanswered.append(connection)
        continue
      }
      var rest = bytes[...]
      while !rest.isEmpty {
        let sent = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
        if sent <= 0 { break }
        rest = rest.dropFirst(sent)
      }
      close(connection)
    }
    for connection in unanswered { close(connection) }
    close(listener)
  }

  /// The request up to its empty line, and the body that content-length announces.
  private func readHead(_ connection: CInt) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if let end = text.range(of: "\r\n\r\n") {
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        let length = lines.compactMap { line in
          line.lowercased().hasPrefix("content-length:") ? Int(line.split(separator: " ")[1]) : nil
        }
        if text.utf8.distance(from: end.upperBound, to: text.endIndex) >= length.first ?? 0 { return text }
      }
      let count = recv(connection, &buffer, buffer.count, 0)
      if count <= 0 { return text }
      bytes += buffer[..<count]
    }
  }
}

extension String {
  /// Where `other` first occurs.
  fileprivate func range(of other: String) -> Range<Index>? { firstRange(of: other) }
}

/// A directory that is removed at the end.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/pairnetctl-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw StubServer.Failed.call("mkdtemp", errno: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for name in names { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  /// What is in the directory, sorted.
  var names: [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
        })
    }
    return names.filter { $0 != "." && $0 != ".." }.sorted()
  }

  func write(_ bytes: [UInt8], to name: String) {
    let file = fopen("\(path)/\(name)", "w")!
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  func read(_ name: String) -> [UInt8]? {
    guard let file = fopen("\(path)/\(name)", "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes[..<count])
  }
}
