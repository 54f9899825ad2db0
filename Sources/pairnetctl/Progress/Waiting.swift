import Glibc
import PairAPI
import PairCore

/// Waits for jobs to end, showing how far they are.
struct Waiting {
  enum Subject: Hashable {
    case study(Int64)
    case jobs([Int64])

    /// The arguments that name the same jobs to `pairnetctl wait` and `cancel`.
    var arguments: String {
      switch self {
      case .study(let id): "--study \(id)"
      case .jobs(let ids): Format.ranges(ids)
      }
    }
  }

  /// How long a daemon that has gone away may take to come back: its restart must not end the waiting.
  static let absenceMax = Duration.seconds(15)

  var client: DaemonClient
  var subject: Subject
  var isQuiet: Bool

  /// Returns how the jobs ended.
  func wait() throws(Failure) -> JobProgress {
    var reporter = ProgressReporter(isQuiet: isQuiet)
    Interruption.arm(
      message: "\npairnetctl: interrupted; the jobs go on. 'pairnetctl wait \(subject.arguments)' waits for them, "
        + "'pairnetctl cancel \(subject.arguments)' gives them up.\n")
    defer {
      Interruption.disarm()
      reporter.finish()
    }
    var version: String?
    var isFirst = true
    var goneSince: ContinuousClock.Instant?
    while true {
      do {
        let progress = try ask(after: &version)
        goneSince = nil
        if isFirst, !progress.isDone, !isQuiet { try QueueControl.notePause(client) }
        isFirst = false
        reporter.show(progress)
        if progress.isDone { return progress }
      } catch  where error.status == .unreachable && version != nil {
        if goneSince == nil {
          reporter.finish()
          note("the daemon has gone away; waiting \(Int(Self.absenceMax.seconds)) s for it to come back")
        }
        let since = goneSince ?? .now
        goneSince = since
        guard since.duration(to: .now) < Self.absenceMax else { throw error }
        usleep(200_000)
      }
    }
  }

  /// The progress now; after the first time, once something may have changed since `version`.
  private func ask(after version: inout String?) throws(Failure) -> JobProgress {
    switch subject {
    case .study(let id):
      // The daemon is to answer before the client gives up.
      let patience = min(20, client.timeout.seconds / 2)
      let query = ProgressQuery(after: version, timeoutSeconds: patience, intervalSeconds: min(0.25, patience))
      let answer: ProgressResponse = try client.get(.progress(study: id), query.queryItems)
      version = answer.version
      return JobProgress(answer)
    case .jobs(let ids):
      if version != nil { usleep(250_000) }
      let jobs = try client.jobs(ids: ids)
      version = ""
      let missing = Set(ids).subtracting(jobs.map(\.id)).sorted()
      guard missing.isEmpty else { throw Failure(.failed, "there is no job \(Format.ranges(missing))") }
      return JobProgress(jobs)
    }
  }
}
