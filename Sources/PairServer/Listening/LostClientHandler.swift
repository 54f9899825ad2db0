import NIOCore
import NIOHTTPTypes
import Synchronization

/// Cancels the request under way when its client has gone: nobody waits for an answer that nobody reads.
final class LostClientHandler: ChannelInboundHandler, RemovableChannelHandler, Sendable {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart

  private enum State {
    case idle
    case working(cancel: @Sendable () -> Void)
    case gone
  }
  private let state = Mutex(State.idle)

  func channelInactive(context: ChannelHandlerContext) {
    let cancel = state.withLock { state in
      defer { state = .gone }
      if case .working(let cancel) = state { return Optional(cancel) }
      return nil
    }
    cancel?()
    context.fireChannelInactive()
  }

  /// Does the work of one request; a connection has one at a time.
  ///
  /// What the work has already done stays done: a submission whose client has gone is accepted or refused as any other.
  func whileConnected<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
    let task = Task(operation: work)
    state.withLock { state in
      if case .gone = state { task.cancel() } else { state = .working(cancel: task.cancel) }
    }
    defer { state.withLock { if case .working = $0 { $0 = .idle } } }
    return try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
  }
}
