import Logging
import PairServer
import ServiceLifecycle
import UnixSignals

/// At SIGHUP reads the configuration again, applies its log level, and says what needs a restart.
///
/// A configuration that is wrong is refused as at start, and the daemon goes on with the one that it has.
struct Reloader: Service {
  let sources: Configuration.Sources
  let current: Configuration
  let logger: Logger

  func run() async throws {
    for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
      do throws(ConfigurationError) {
        apply(try Configuration(sources))
      } catch {
        for problem in error.problems { logger.error("the configuration is not read again: \(problem)") }
      }
    }
  }

  private func apply(_ new: Configuration) {
    JournalLogHandler.level.withLock { $0 = new.logLevel }
    let changed = ConfigurationKey.allCases.filter { $0 != .logLevel && new.values[$0] != current.values[$0] }
    if !changed.isEmpty {
      logger.warning("restart the daemon for the changes of \(changed.map(\.rawValue).joined(separator: ", "))")
    }
    logger.notice("the configuration is read again", metadata: ["log_level": "\(new.logLevel)"])
  }
}
