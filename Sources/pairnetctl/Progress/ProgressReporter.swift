/// Shows progress on standard error: a line redrawn in place on a terminal, now and then a line of its own elsewhere.
struct ProgressReporter {
  private let terminal: Terminal
  private let isQuiet: Bool
  private let start = ContinuousClock.now
  private var estimate = Estimate()
  private var cadence = Cadence()
  private var isDrawn = false

  init(terminal: Terminal = .error, isQuiet: Bool) {
    self.terminal = terminal
    self.isQuiet = isQuiet
  }

  mutating func show(_ progress: JobProgress) {
    guard !isQuiet else { return }
    let elapsed = start.duration(to: .now).seconds
    let remaining = estimate.remaining(at: progress.fraction, seconds: elapsed)
    let line = ProgressLine(progress: progress, elapsedSeconds: elapsed, remainingSeconds: remaining)
    if terminal.isTerminal {
      Standard.error.write("\r\(line.drawn(columns: terminal.columns, unicode: terminal.isUTF8))\u{1B}[K")
      isDrawn = true
    } else if cadence.isDue(progress, at: elapsed) {
      note(line.text)
    }
  }

  /// Ends the line that is being redrawn, so that what follows stands on its own.
  mutating func finish() {
    if isDrawn { Standard.error.write("\n") }
    isDrawn = false
  }
}
