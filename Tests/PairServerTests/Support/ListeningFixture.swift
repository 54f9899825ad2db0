import Foundation
import Logging
import NIOPosix
import Synchronization

@testable import PairServer

/// The API on a Unix socket, with limits that a test can reach.
final class ListeningFixture: Sendable {
  let api: RouterFixture
  let socketPath: String
  let log = LogRecorder()
  private let task: Task<Void, any Error>

  init(limits: ListenerLimits = ListenerLimits(), isOpen: Bool = true) async throws {
    api = try RouterFixture(isOpen: isOpen)
    let socket = try UnixSocketFile(path: "\(api.directory.path)/l.sock").listen()
    socketPath = socket.path
    let log = log
    let (listening, isListening) = AsyncStream<Void>.makeStream()
    let listener = HTTPListener(
      socket: socket, responder: api.api.responder(), eventLoops: MultiThreadedEventLoopGroup.singleton,
      logger: Logger(label: "test") { _ in log }, limits: limits, meter: api.api.requests
    ) { isListening.finish() }
    task = Task { try await listener.run() }
    for await _ in listening {}
  }

  deinit { task.cancel() }

  /// Runs blocking code against the socket.
  func with<Value: Sendable>(_ body: @escaping @Sendable (RawHTTP) throws -> Value) async throws -> Value {
    let http = RawHTTP(socketPath)
    // A thread of its own: many clients that wait must not hold the daemon's.
    return try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try body(http) }) }
    }
  }
}

/// Keeps what is logged.
final class LogRecorder: LogHandler, Sendable {
  private let records = Mutex<[String]>([])
  var messages: [String] { records.withLock { $0 } }

  func log(event: LogEvent) { records.withLock { $0.append("\(event.level): \(event.message)") } }

  var metadata: Logger.Metadata {
    get { [:] }
    set {}
  }
  var logLevel: Logger.Level {
    get { .info }
    set {}
  }
  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { nil }
    set {}
  }
}
