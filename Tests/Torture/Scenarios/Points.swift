import Glibc

extension Scenario {
  /// Where the real daemon is killed.
  static let crashPoints = [
    "migrate.before", "migrate.written", "migrate.committed", "recover.before", "recover.written",
    "recover.committed", "submit.before", "submit.written", "submit.committed", "claim.before", "claim.written",
    "claim.committed", "record.before", "record.written", "record.committed", "epochs.written", "end.written",
    "return.written", "checkpoint.written", "cancel.before", "cancel.written", "cancel.committed", "pause.before",
    "pause.written", "pause.committed", "resume.written", "resume.committed",
    "retry.written", "retry.committed", "prioritise.written", "prioritise.committed", "pauseQueue.committed",
    "resumeQueue.committed", "submitAudit.written", "submitAudit.committed", "train.epoch",
  ]

  /// What users do so seldom that its first passing is the one.
  private static let rare: Set<String> = Set(
    crashPoints.filter { $0.hasPrefix("submitAudit") || $0.hasPrefix("pauseQueue") || $0.hasPrefix("resumeQueue") })

  /// Passed once in a life.
  private static let atStart: Set<String> = Set(
    crashPoints.filter { $0.hasPrefix("migrate") || $0.hasPrefix("recover") })

  static func points(_ run: Run) throws {
    var next = 0
    try campaigns("points", run, lives: 2 * crashPoints.count) { campaign in
      let point = crashPoints[next % crashPoints.count]
      next += 1
      let isFirst = atStart.contains(point) || rare.contains(point)
      let passing = isFirst ? 1 : Int.random(in: 1...6, using: &campaign.random)
      // When the daemon is asked to stop, jobs go back to the queue with a checkpoint.
      let isAtEnd = ["return.written", "checkpoint.written"].contains(point)
      let milliseconds = isAtEnd ? 150 : 800
      let ending: Campaign.Ending = isAtEnd ? .stopped(after: milliseconds) : .killed(after: milliseconds)
      let end = try campaign.live(["PAIRNET_CRASH_AT": "\(point):\(isAtEnd ? 1 : passing)"], to: ending)
      let wasPoint = end.status == 128 + SIGKILL && (isAtEnd || end.isBeforeItsTime)
      run.report.fault("points", wasPoint ? point : "at the end of its time")
    }
  }
}
