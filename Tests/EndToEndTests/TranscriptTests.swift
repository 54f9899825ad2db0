import Foundation
import Testing

/// What the documentation shows as output is what comes out, digit by digit: a result is a pure function of its job.
@Suite("Transcripts in the documentation")
struct TranscriptTests {
  /// A command as it is typed, and the lines shown below it: all of its output, or some.
  private struct Step {
    var command: String
    var shown: [Substring] = []
  }

  @Test("docs/results.md shows what its commands print")
  func results() throws {
    let daemon = try PrivateDaemon()
    for step in try Self.steps(of: "docs/results.md") { try check(step, daemon) }
  }

  @Test("docs/reproduce.md shows the table that the small reproduction prints")
  func reproduction() throws {
    let daemon = try PrivateDaemon()
    var step = try #require(
      try Self.steps(of: "docs/reproduce.md").first { $0.command.contains("reproduce table1 --dataset synthetic") })
    // The line that says how long it took.
    step.shown.removeAll { $0.hasPrefix("reproduction 1,") }
    try check(step, daemon)
  }

  @Test(
    "README.md's experiment on MNIST comes out as it stands there",
    .enabled(if: ProcessInfo.processInfo.environment["PAIRNET_MNIST_DIR"] != nil, "PAIRNET_MNIST_DIR names no MNIST"))
  func readme() throws {
    let daemon = try PrivateDaemon(isStarted: false)
    let mnist = try #require(ProcessInfo.processInfo.environment["PAIRNET_MNIST_DIR"])
    let linked = try daemon.shell(
      "mkdir -p \(daemon.directory)/state/data && ln -s '\(mnist)' \(daemon.directory)/state/data/mnist")
    #expect(linked.status == 0, "\(linked)")
    try daemon.start()
    let steps = try Self.steps(of: "README.md")
    let first = try #require(steps.firstIndex { $0.command.contains("--name base ") })
    let last = try #require(steps.firstIndex { $0.shown.contains { $0.hasSuffix("nothing to train") } })
    for step in steps[first...last] { try check(step, daemon) }
  }

  /// Runs a step; each line that is shown is to be one of the output's, in the same order.
  private func check(_ step: Step, _ daemon: PrivateDaemon) throws {
    let output = try daemon.shell(step.command)
    var lines = (output.standardOutput + output.standardError).split(separator: "\n")[...]
    for shown in step.shown where !shown.isEmpty {
      guard let index = lines.firstIndex(of: shown) else {
        Issue.record("'\(step.command)' does not print '\(shown)' there; it prints \(output)")
        return
      }
      lines = lines[(index + 1)...]
    }
  }

  /// The pairnetctl commands in a document's `console` blocks.
  private static func steps(of document: String) throws -> [Step] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: document), encoding: .utf8)
    var steps: [Step] = []
    for block in text.matches(of: #/(?ms)^( *)```console\n(.*?)^ *```/#) {
      var isContinued = false
      for indented in block.2.split(separator: "\n", omittingEmptySubsequences: false) {
        let line = indented.dropFirst(min(block.1.count, indented.prefix { $0 == " " }.count))
        if line.hasPrefix("$ ") {
          steps.append(Step(command: String(line.dropFirst(2))))
        } else if isContinued {
          steps[steps.count - 1].command += "\n\(line)"
        } else {
          steps[steps.count - 1].shown.append(line)
        }
        isContinued = (line.hasPrefix("$ ") || isContinued) && line.hasSuffix("\\")
      }
    }
    return steps.filter { $0.command.hasPrefix("pairnetctl ") }
  }
}
