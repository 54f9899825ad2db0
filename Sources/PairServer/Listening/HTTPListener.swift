import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOExtras
import NIOHTTPTypesHTTP1
import NIOPosix
import ServiceLifecycle

/// Serves HTTP/1.1 on a socket that is already bound, until the service group shuts down.
///
/// Hummingbird's own `Server` binds by name only; this one reuses its public `HTTP1Channel` on any listening descriptor.
///
/// Limits, all enforced here: connections at once, bytes and number of header fields, seconds to read a request's head
/// and its body, and seconds that one request may take in all.
struct HTTPListener<Responder: HTTPResponder>: Service
where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
  let socket: ListeningSocket
  let responder: Responder
  let eventLoops: any EventLoopGroup
  let logger: Logger
  var limits = ListenerLimits()
  var meter = RequestMeter()
  /// Called once connections are accepted.
  var onListening: @Sendable () -> Void = {}

  func run() async throws {
    let http = HTTP1Channel(
      responder: respond,
      configuration: .init(
        additionalChannelHandlers: [MalformedRequestHandler(), SlowClientHandler(limits), LostClientHandler()],
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: ListenerLimits.fieldBytesMax, maxHeaderListSize: ListenerLimits.headBytesMax,
          maxHeaderFieldCount: ListenerLimits.headFieldsMax)
      ))
    let quiescing = ServerQuiescingHelper(group: eventLoops)
    let logger = logger
    let admission = Admission(max: limits.connectionsMax, meter: meter, logger: logger)
    let server = try await ServerBootstrap(group: eventLoops)
      .serverChannelOption(ChannelOptions.backlog, value: 128)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(quiescing.makeServerChannelHandler(channel: channel))
        }
      }
      .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
      .bind(socket.descriptor) { channel in
        channel.eventLoop.makeCompletedFuture { try admission.admit(channel) }
          .flatMap { http.setup(channel: channel, logger: logger) }
          .flatMapThrowing { connection in
            let pipeline = channel.pipeline.syncOperations
            let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
            try pipeline.addHandler(HTTPRulesHandler(), position: .before(codec))
            return connection
          }
      }
    logger.info("listening on \(socket.path)")
    onListening()

    try await withGracefulShutdownHandler {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await serve(server, over: http) }
        // A client that never reads its answer must not keep the daemon from ending.
        group.addTask {
          try await gracefulShutdown()
          try await Task.sleep(for: limits.drain)
        }
        _ = try await group.next()
        group.cancelAll()
      }
    } onGracefulShutdown: {
      socket.unpublish()
      quiescing.initiateShutdown(promise: nil)
    }
  }

  private func serve(_ server: NIOAsyncChannel<HTTP1Channel.Value, Never>, over http: HTTP1Channel) async {
    await withDiscardingTaskGroup { connections in
      do {
        try await server.executeThenClose { inbound in
          for try await connection in inbound {
            connections.addTask { await http.handle(value: connection, logger: logger) }
          }
        }
      } catch is CancellationError {
        // The daemon ends, for a reason that is told elsewhere.
      } catch {
        logger.error("no more connections are accepted: \(error)")
      }
    }
  }

  @Sendable
  private func respond(
    to request: Request, writer: consuming ResponseWriter, channel: any Channel
  ) async throws {
    var logger = logger
    logger[metadataKey: "request"] = .stringConvertible(RequestID())
    let deadline = channel.eventLoop.scheduleTask(in: limits.request) { [logger] in
      logger.warning("a request took too long; its connection is closed")
      channel.close(promise: nil)
    }
    defer { deadline.cancel() }
    let context = Responder.Context(source: ApplicationRequestContextSource(channel: channel, logger: logger))
    let client = try await channel.pipeline.handler(type: LostClientHandler.self).get()
    var response = try await client.whileConnected { try await responder.respond(to: request, context: context) }
    meter.note(method: request.method.rawValue, status: response.status.code)
    response.headers[.server] = "pairnetd"
    try await writer.write(response: response.head, body: response.body)
  }
}

/// What one client cannot take from the others.
package struct ListenerLimits: Sendable {
  package var connectionsMax: Int
  /// From when a connection is free for a request until the request's head is read.
  var head = TimeAmount.seconds(30)
  /// From there until its body is read.
  var body = TimeAmount.seconds(60)
  /// For reading, answering and writing one request.
  var request = TimeAmount.seconds(180)
  /// For the requests under way when the daemon stops.
  var drain = Duration.seconds(5)

  package init(connectionsMax: Int = 256) { self.connectionsMax = connectionsMax }

  /// Of a request's head in all, of a single field or the request's target, and how many fields there may be.
  static let headBytesMax = 64 << 10
  static let fieldBytesMax = 16 << 10
  static let headFieldsMax = 100
}
