import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import PairAPI

/// Answers what is not HTTP, or has too large a head, with an error of the API's shape, and closes the connection.
final class MalformedRequestHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// Requests that are read and not yet answered: an answer in between would belong to one of them.
  private var pending = 0

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .head = unwrapInboundIn(data) { pending += 1 }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) { pending -= 1 }
    context.write(data, promise: promise)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError || error is NotOneHost else { return context.fireErrorCaught(error) }
    guard pending == 0 else { return context.close(promise: nil) }
    let answer =
      if error as? HTTPParserError == .headerOverflow {
        ErrorResponse(
          error: .headerTooLarge,
          message: "a request's head has at most \(ListenerLimits.headBytesMax) bytes in "
            + "\(ListenerLimits.headFieldsMax) fields, and its target and each field at most "
            + "\(ListenerLimits.fieldBytesMax); give long filters in a body")
      } else {
        ErrorResponse(error: .badRequest, message: "this is not an HTTP/1.1 request: \(error)")
      }
    // An error's fields are texts, so that encoding it cannot fail.
    let body = context.channel.allocator.buffer(bytes: (try? JSON.encode(answer)) ?? [])
    let head = HTTPResponse(
      status: .init(code: answer.error.status),
      headerFields: [
        .contentType: "application/json; charset=utf-8", .contentLength: String(body.readableBytes),
        .connection: "close",
      ])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(body)), promise: nil)
    let written = context.eventLoop.makePromise(of: Void.self)
    let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
    written.futureResult.whenComplete { _ in loopBound.value.close(promise: nil) }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
  }
}
