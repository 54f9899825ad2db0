import Glibc
import Logging
import PairServer
import Synchronization

/// Writes one line a record to stderr; under systemd with the priority prefixes of sd-daemon(3), else with the time.
struct JournalLogHandler: LogHandler {
  /// Shared by all loggers, so that a reload changes the level of those that exist.
  static let level = Mutex(Logger.Level.info)

  var metadata: Logger.Metadata = [:]
  let isUnderServiceManager: Bool
  private var ownLevel: Logger.Level?

  init(isUnderServiceManager: Bool) { self.isUnderServiceManager = isUnderServiceManager }

  var logLevel: Logger.Level {
    get { ownLevel ?? Self.level.withLock { $0 } }
    set { ownLevel = newValue }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let line = Self.line(event, metadata: metadata, isUnderServiceManager: isUnderServiceManager, at: time(nil))
    // One write a record: lines of several threads do not mix.
    let bytes = Array(line.utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }

  /// The record as it is written, with whatever could break the line escaped.
  static func line(
    _ event: LogEvent, metadata: Logger.Metadata, isUnderServiceManager: Bool, at time: time_t
  ) -> String {
    var text = isUnderServiceManager ? priority(event.level) : "\(utc(time)) \(event.level.rawValue): "
    text += escaped("\(event.message)")
    let metadata = metadata.merging(event.metadata ?? [:]) { _, new in new }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { text += " \(escaped("\(key)=\(value)"))" }
    return text + "\n"
  }

  private static func priority(_ level: Logger.Level) -> String {
    switch level {
    case .trace, .debug: "<7>"
    case .info: "<6>"
    case .notice: "<5>"
    case .warning: "<4>"
    case .error: "<3>"
    case .critical: "<2>"
    }
  }

  private static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else { return text }
    return text.unicodeScalars.map { scalar in
      switch scalar {
      case "\n": "\\n"
      case "\t": "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F: "\\u{\(String(scalar.value, radix: 16))}"
      default: String(scalar)
      }
    }.joined()
  }

  private static func utc(_ time: time_t) -> String {
    var time = time
    var parts = tm()
    gmtime_r(&time, &parts)
    func two(_ number: CInt) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(1900 + parts.tm_year)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T"
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
  }
}
