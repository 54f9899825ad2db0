import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOExtras
import NIOPosix
import ServiceLifecycle

/// Serves HTTP/1.1 on a socket that is already bound, until the service group shuts down.
///
/// Hummingbird's own `Server` binds by name only; this one reuses its public `HTTP1Channel` on any listening descriptor.
///
/// Limits, all enforced here: connections at once, bytes and number of header fields, idle seconds between requests or
/// while one is read, and seconds that one request may take in all.
struct HTTPListener<Responder: HTTPResponder>: Service
where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
  let socket: ListeningSocket
  let responder: Responder
  let eventLoops: any EventLoopGroup
  let logger: Logger
  var limits = ListenerLimits()
  /// Called once connections are accepted.
  var onListening: @Sendable () -> Void = {}

  func run() async throws {
    let http = HTTP1Channel(
      responder: respond,
      configuration: .init(
        additionalChannelHandlers: [MalformedRequestHandler()], idleTimeout: limits.idle,
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 64 << 10, maxHeaderFieldCount: 100)
      ))
    let quiescing = ServerQuiescingHelper(group: eventLoops)
    let logger = logger
    let connectionsMax = limits.connectionsMax
    let server = try await ServerBootstrap(group: eventLoops)
      .serverChannelOption(ChannelOptions.backlog, value: 128)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          // Beyond the limit nothing is accepted: connections wait in the socket's backlog.
          try channel.pipeline.syncOperations.addHandler(
            AvailableConnectionsChannelHandler(maxConnections: connectionsMax))
          try channel.pipeline.syncOperations.addHandler(quiescing.makeServerChannelHandler(channel: channel))
        }
      }
      .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
      .bind(socket.descriptor) { http.setup(channel: $0, logger: logger) }
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
    var response = try await responder.respond(to: request, context: context)
    response.headers[.server] = "pairnetd"
    try await writer.write(response: response.head, body: response.body)
  }
}

/// What one client cannot take from the others.
struct ListenerLimits: Sendable {
  var connectionsMax = 256
  /// Between requests, and between the parts of one while it is read.
  var idle = TimeAmount.seconds(60)
  /// For reading, answering and writing one request.
  var request = TimeAmount.seconds(180)
  /// For the requests under way when the daemon stops.
  var drain = Duration.seconds(5)
}
