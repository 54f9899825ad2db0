import PairCore

/// What a command that waited says at the end, and the exit status it ends with.
enum Outcome {
  /// Reasons that are shown; `pairnetctl jobs` has them all.
  private static let reasonsMax = 5

  /// - Throws: a `failed` failure if not every job succeeded.
  static func report(
    _ progress: JobProgress, of subject: Waiting.Subject, _ client: DaemonClient, isQuiet: Bool
  ) throws(Failure) {
    if !isQuiet { Standard.output.write("\(progress.summary)\n") }
    guard !progress.allSucceeded else {
      if !isQuiet, case .study(let id) = subject {
        note("'pairnetctl results --aggregate --study \(id)' tabulates them")
      }
      return
    }
    let bad = progress.total - progress.count(.succeeded)
    var message = "\(Format.count(bad, "job")) of \(Format.count(progress.total)) did not succeed"
    for job in try others(subject, client) {
      message += "\n  job \(job.id) \(job.state.rawValue)"
      if let reason = job.reason { message += ": \(Format.printable(reason))" }
    }
    if bad > reasonsMax { message += "\n  …" }
    throw Failure(.failed, message)
  }

  private static func others(_ subject: Waiting.Subject, _ client: DaemonClient) throws(Failure) -> [JobRecord] {
    switch subject {
    case .study(let id):
      try client.oldestJobs(JobFilter(study: id, states: [.failed, .diverged, .cancelled]), limit: reasonsMax)
    case .jobs(let ids):
      Array(try client.jobs(ids: ids).filter { $0.state != .succeeded }.prefix(reasonsMax))
    }
  }
}
