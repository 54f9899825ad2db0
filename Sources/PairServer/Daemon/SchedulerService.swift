import Logging
import PairScheduler
import PairStore
import ServiceLifecycle
import Synchronization

/// The first failure of the store, for whoever waits for it or asks later.
package final class FailureLatch: Sendable {
  private let failure = Mutex<StoreError?>(nil)
  private let stream: AsyncStream<StoreError>
  private let continuation: AsyncStream<StoreError>.Continuation

  package init() {
    (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
  }

  /// Callable from any thread; what comes after the first is dropped.
  package func report(_ error: StoreError) {
    failure.withLock { $0 = $0 ?? error }
    continuation.yield(error)
  }

  package var first: StoreError? { failure.withLock { $0 } }

  /// Returns at a failure, or when `stopWaiting` is called.
  fileprivate func wait() async {
    for await _ in stream { return }
  }

  fileprivate func stopWaiting() { continuation.finish() }
}

/// Runs the workers until shutdown, then drains them; fails as soon as the store cannot be written to.
struct SchedulerService: Service {
  let scheduler: Scheduler
  let failures: FailureLatch
  let logger: Logger

  func run() async throws {
    scheduler.start()
    await withGracefulShutdownHandler {
      await failures.wait()
    } onGracefulShutdown: {
      failures.stopWaiting()
    }
    // What cannot be recorded ends the process: recovery does it again.
    if let failure = failures.first { throw failure }
    let running = scheduler.running.count
    await scheduler.drain()
    if let failure = failures.first { throw failure }
    if running > 0 { logger.info("\(running) running jobs went back to the queue") }
  }
}
