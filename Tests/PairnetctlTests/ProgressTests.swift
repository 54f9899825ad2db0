import PairCore
import Testing

@testable import pairnetctl

@Suite("Progress")
struct ProgressTests {
  private let half = JobProgress(
    counts: [.queued: 9, .running: 2, .succeeded: 12, .failed: 1],
    running: [.init(epochsDone: 15, epochs: 30), .init(epochsDone: 3, epochs: 30)])

  @Test("A running job counts by its epochs")
  func fraction() {
    #expect(abs(half.fraction - (13 + 0.5 + 0.1) / 24) < 1e-12)
    #expect(JobProgress(counts: [:]).fraction == 1)
    // The counts and the running jobs may come from two moments; the bar must not pass its end.
    let skewed = JobProgress(counts: [.succeeded: 2], running: [.init(epochsDone: 30, epochs: 30)])
    #expect(skewed.fraction == 1)
  }

  @Test("The line says what is done, failed and running, and when it will end")
  func text() {
    let line = ProgressLine(progress: half, elapsedSeconds: 72, remainingSeconds: 58.6)
    #expect(line.text == "13/24 done, 1 failed, 2 running (epochs 15/30, 3/30), 1:12, ETA 0:59")
    #expect(half.summary == "9 queued, 2 running, 12 succeeded, 1 failed")
  }

  @Test("A drawn line is narrower than the terminal", arguments: [1, 20, 40, 80, 200])
  func width(columns: Int) {
    let line = ProgressLine(progress: half, elapsedSeconds: 72, remainingSeconds: 58.6)
    for unicode in [false, true] { #expect(line.drawn(columns: columns, unicode: unicode).count < max(2, columns)) }
  }

  @Test("The bar fills by eighths of a cell, or by whole ones in ASCII")
  func bar() {
    #expect(ProgressLine.bar(0, width: 4, unicode: true) == "▕    ▏")
    #expect(ProgressLine.bar(0.5, width: 4, unicode: true) == "▕██  ▏")
    #expect(ProgressLine.bar(0.53125, width: 4, unicode: true) == "▕██▏ ▏")
    #expect(ProgressLine.bar(1, width: 4, unicode: true) == "▕████▏")
    #expect(ProgressLine.bar(0.74, width: 4, unicode: false) == "[##--]")
    #expect(ProgressLine.bar(7, width: 4, unicode: false) == "[####]")
  }

  @Test("The estimate goes by the pace since the watching began")
  func estimate() {
    var estimate = Estimate()
    // At the third quarter a daemon's restart undoes work: the pace is measured afresh.
    let moments = [(0.5, 10.0), (0.5, 11), (0.75, 15), (0.25, 16), (0.5, 18), (1, 22)]
    let remaining = moments.map { fraction, seconds in estimate.remaining(at: fraction, seconds: seconds) }
    #expect(remaining == [nil, nil, 5, nil, 4, 0])
  }

  @Test("A log gets a line for each tenth and at most one a minute in between")
  func cadence() {
    var cadence = Cadence()
    func progress(_ ended: Int) -> JobProgress { JobProgress(counts: [.succeeded: ended, .queued: 100 - ended]) }
    let moments = [(0, 0), (5, 1), (10, 2), (10, 100), (11, 101), (12, 102), (100, 103)]
    let due = moments.map { ended, seconds in cadence.isDue(progress(ended), at: Double(seconds)) }
    #expect(due == [true, false, true, false, true, false, true])
  }
}
