import NIOCore
import NIOHTTP1

/// What HTTP/1.1 asks of a server that the layers above do not see: a request has one Host, and a client of HTTP/1.0 is
/// answered in its own version and by the connection's end, because it knows neither chunks nor connections that stay.
///
/// - Source: RFC 9112, sections 2.3, 3.2, 6.1 and 9.3
final class HTTPRulesHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private var isOld = false
  private var isRefused = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // Whatever follows a refused request, or one whose answer ends the connection, is not read.
    if case .head(let head) = unwrapInboundIn(data) {
      guard !isOld, !isRefused else { return }
      isOld = head.version.major == 1 && head.version.minor == 0
      isRefused = !isOld && head.headers["host"].count != 1
      if isRefused { return context.fireErrorCaught(NotOneHost()) }
    }
    if !isRefused { context.fireChannelRead(data) }
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard isOld else { return context.write(data, promise: promise) }
    switch unwrapOutboundIn(data) {
    case .head(var head):
      head.version = .http1_0
      head.headers.replaceOrAdd(name: "connection", value: "close")
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      let written = promise ?? context.eventLoop.makePromise(of: Void.self)
      let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
      written.futureResult.whenComplete { _ in loopBound.value.close(promise: nil) }
      context.writeAndFlush(data, promise: written)
    }
  }
}

/// A request that does not have the one Host field that RFC 9112, section 3.2, wants.
struct NotOneHost: Error, CustomStringConvertible {
  var description: String { "give one Host field" }
}
