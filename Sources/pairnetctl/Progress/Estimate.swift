/// When the rest will be done, judged by the pace so far.
struct Estimate {
  private var start: (fraction: Double, seconds: Double)?

  /// Seconds until the end, or nil while nothing has moved.
  ///
  /// - Parameters:
  ///   - fraction: the part of the work that is done, in 0...1.
  ///   - seconds: the time on any clock that does not go back.
  mutating func remaining(at fraction: Double, seconds: Double) -> Double? {
    // Work that was done before the watching began says nothing about the pace, and work that is undone (a daemon's
    // restart puts running jobs back) starts the watching afresh.
    guard let start, fraction >= start.fraction else {
      start = (fraction, seconds)
      return fraction >= 1 ? 0 : nil
    }
    let gained = fraction - start.fraction
    guard gained > 0 else { return fraction >= 1 ? 0 : nil }
    return (1 - fraction) * (seconds - start.seconds) / gained
  }
}

/// When a log should get another line: at each tenth of the work, and at most once a minute in between.
struct Cadence {
  private var last: (tenth: Int, ended: Int, seconds: Double)?

  mutating func isDue(_ progress: JobProgress, at seconds: Double) -> Bool {
    let tenth = progress.total == 0 ? 10 : progress.ended * 10 / progress.total
    if let last, tenth == last.tenth, seconds - last.seconds < 60 || progress.ended == last.ended { return false }
    last = (tenth, progress.ended, seconds)
    return true
  }
}
