import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1
import PairAPI
import Synchronization

/// Counts the connections of a socket; those beyond the limit are told so and closed.
final class Admission: Sendable {
  private struct State {
    var open = 0
    var refused = 0
    var toldAt: NIODeadline?
  }
  private let max: Int
  private let meter: RequestMeter
  private let logger: Logger
  private let state = Mutex(State())

  init(max: Int, meter: RequestMeter, logger: Logger) {
    self.max = max
    self.meter = meter
    self.logger = logger
  }

  /// Connections that are open and were not refused.
  var open: Int { state.withLock { $0.open } }

  /// Counts the connection until it closes; beyond the limit it is given a handler that refuses it.
  func admit(_ channel: any Channel) throws {
    let isAdmitted = state.withLock { state in
      guard state.open < max else { return false }
      state.open += 1
      return true
    }
    if isAdmitted {
      channel.closeFuture.whenComplete { _ in self.state.withLock { $0.open -= 1 } }
    } else {
      meter.noteRefusal()
      complain()
      try channel.pipeline.syncOperations.addHandler(RefusingHandler(message: "\(max) connections are open already"))
    }
  }

  /// At most one line in ten seconds, however many are refused.
  private func complain() {
    let refused: Int? = state.withLock { state in
      state.refused += 1
      if let toldAt = state.toldAt, .now() < toldAt + .seconds(10) { return nil }
      defer { state.refused = 0 }
      state.toldAt = .now()
      return state.refused
    }
    guard let refused else { return }
    logger.warning(
      "\(max) connections are open, as many as socket.connections_max allows: further clients are refused",
      metadata: ["refused": "\(refused)"])
  }
}

/// Answers 503 before anything is asked, and closes.
private final class RefusingHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let message: String

  init(message: String) { self.message = message }

  func channelActive(context: ChannelHandlerContext) {
    let answer = ErrorResponse(error: .unavailable, message: "\(message); try again in a moment")
    // An error's fields are texts, so that encoding it cannot fail.
    let body = (try? JSON.encode(answer)) ?? []
    let head =
      "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json; charset=utf-8\r\n"
      + "Content-Length: \(body.count)\r\nRetry-After: 1\r\nConnection: close\r\n\r\n"
    let written = context.eventLoop.makePromise(of: Void.self)
    let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
    written.futureResult.whenComplete { _ in loopBound.value.close(promise: nil) }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: Array(head.utf8) + body)), promise: written)
  }

  /// What the client says does not matter any more.
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}
