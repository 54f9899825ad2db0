import NIOCore
import NIOHTTPTypes

/// Closes a connection whose client takes too long to say what it wants: a trickle of bytes keeps nothing open.
///
/// The time counts from when the connection opened, or the answer before was written, to the end of the next request's
/// head; and from there to the end of its body.
final class SlowClientHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let limits: ListenerLimits
  private var deadline: Scheduled<Void>?
  /// Requests that are read and not yet answered.
  private var pending = 0

  init(_ limits: ListenerLimits) { self.limits = limits }

  func handlerAdded(context: ChannelHandlerContext) { start(limits.head, context) }

  func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

  func channelInactive(context: ChannelHandlerContext) {
    deadline?.cancel()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      pending += 1
      start(limits.body, context)
    case .body: break
    case .end: deadline?.cancel()
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) {
      pending -= 1
      if pending == 0 { start(limits.head, context) }
    }
    context.write(data, promise: promise)
  }

  private func start(_ time: TimeAmount, _ context: ChannelHandlerContext) {
    deadline?.cancel()
    let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
    deadline = context.eventLoop.scheduleTask(in: time) { loopBound.value.close(promise: nil) }
  }
}
