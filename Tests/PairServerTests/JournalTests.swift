import Foundation
import Logging
import Testing

@testable import PairServer
@testable import pairnetd

@Suite("The journal")
struct JournalTests {
  private func line(
    _ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata = [:], _ journal: Bool
  )
    -> String
  {
    JournalLogHandler.line(
      LogEvent(
        level: level, message: message, error: nil, metadata: metadata, source: "", file: "", function: "", line: 0),
      metadata: [:], isUnderServiceManager: journal, at: 1_763_913_845)
  }

  @Test(
    "Under systemd a record begins with its priority",
    arguments: [
      (Logger.Level.trace, "<7>"), (.debug, "<7>"), (.info, "<6>"), (.notice, "<5>"), (.warning, "<4>"),
      (.error, "<3>"), (.critical, "<2>"),
    ])
  func priority(level: Logger.Level, prefix: String) {
    #expect(line(level, "a message", true) == "\(prefix)a message\n")
  }

  @Test("Elsewhere it begins with the time and the level")
  func terminal() {
    #expect(line(.info, "a message", ["b": "2", "a": "1"], false) == "2025-11-23T16:04:05Z info: a message a=1 b=2\n")
  }

  @Test("Nothing that is logged can begin a line of its own")
  func escaping() {
    let text = line(.info, "one\n<0>two\u{1B}[31m", ["key": "a\rb"], true)
    #expect(text == "<6>one\\n<0>two\\u{1b}[31m key=a\\u{d}b\n")
  }

  private func line(_ level: Logger.Level, _ message: Logger.Message, _ journal: Bool) -> String {
    line(level, message, [:], journal)
  }
}
