import Hummingbird
import Logging
import NIOPosix
import PairScheduler
import ServiceLifecycle
import Synchronization

/// The running daemon: sockets that are bound, a store that is open and recovered, and what serves them.
package struct Daemon: Sendable {
  let api: APIServer
  let sockets: [ListeningSocket]
  let failures: FailureLatch
  let logger: Logger
  let limits: ListenerLimits
  /// Further services of the program, such as one that reloads its configuration.
  var others: [any Service] = []

  /// - Parameter failures: what the scheduler's `onFailure` reports to.
  package init(
    api: APIServer, sockets: [ListeningSocket], failures: FailureLatch, logger: Logger,
    limits: ListenerLimits = ListenerLimits(), others: [any Service] = []
  ) {
    precondition(!sockets.isEmpty)
    self.api = api
    self.sockets = sockets
    self.failures = failures
    self.logger = logger
    self.limits = limits
    self.others = others
  }

  /// Serves until SIGTERM or SIGINT, then stops accepting, drains the workers and returns.
  ///
  /// - Throws: `StoreError` as soon as something cannot be recorded.
  package func run() async throws {
    let eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let responder = api.responder()
    let listening = Countdown(from: sockets.count)
    let listeners = sockets.map { socket in
      HTTPListener(
        socket: socket, responder: responder, eventLoops: eventLoops, logger: logger, limits: limits,
        meter: api.requests
      ) {
        guard listening.isLast() else { return }
        ServiceManager.notify("READY=1\nSTATUS=\(api.scheduler.workers) workers")
        logger.notice("ready", metadata: ["workers": "\(api.scheduler.workers)"])
      }
    }
    // Shut down from the last to the first: announce, stop accepting, and then let the workers go.
    let services: [any Service] =
      others + [Watchdog(interval: ServiceManager.watchdogInterval, check: api.checkHealth, logger: logger)]
      + listeners + [StopAnnouncer(changes: api.changes, logger: logger)]
    let scheduler = SchedulerService(scheduler: api.scheduler, failures: failures, logger: logger)
    // A failure shuts down in the same order. To cancel the listeners instead would be the process's end in the middle of
    // an answer: NIO stops the program if a connection that it has accepted is dropped before somebody has taken it.
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [.init(service: scheduler, failureTerminationBehavior: .gracefullyShutdownGroup)]
          + services.map { .init(service: $0) },
        gracefulShutdownSignals: [.sigterm, .sigint], logger: lifecycleLogger))
    do {
      try await group.run()
    } catch {
      // The scheduler's failure is the cause of whatever else was cancelled.
      throw failures.first ?? error
    }
    try await eventLoops.shutdownGracefully()
    logger.notice("stopped")
  }

  /// The service group tells every step of its own; only its complaints are of interest.
  private var lifecycleLogger: Logger {
    var logger = logger
    logger.logLevel = max(logger.logLevel, .warning)
    return logger
  }
}

/// Finds out who is the last of several.
private final class Countdown: Sendable {
  private let left: Atomic<Int>
  init(from count: Int) { left = Atomic(count) }
  func isLast() -> Bool { left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 }
}
