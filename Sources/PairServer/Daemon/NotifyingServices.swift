import Logging
import ServiceLifecycle

/// Says that the daemon stops before anything does, and sends home whoever waits for progress.
///
/// It stands last in the service group, which shuts down from the last service to the first.
struct StopAnnouncer: Service {
  let changes: ChangeHub
  let logger: Logger

  func run() async throws {
    try await gracefulShutdown()
    ServiceManager.notify("STOPPING=1\nSTATUS=stopping: running jobs go back to the queue")
    logger.notice("stopping")
    changes.close()
  }
}

/// Beats for systemd's watchdog as long as the daemon proves that it works.
struct Watchdog: Service {
  let interval: Duration?
  /// Throws, or does not return, if the daemon does not work.
  let check: @Sendable () async throws -> Void
  let logger: Logger

  func run() async throws {
    guard let interval else { return try await gracefulShutdown() }
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do {
          try await check()
          ServiceManager.notify("WATCHDOG=1")
        } catch is CancellationError {
          return
        } catch {
          logger.error("no watchdog beat: \(error)")
        }
        // Cancellation ends the sleep, and with it the loop.
        try? await Task.sleep(for: interval)
      }
    }
  }
}
