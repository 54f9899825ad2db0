import PairAPI
import PairCore
import PairStore

extension APIServer {
  func addProgress(to table: inout RouteTable) {
    table.get(.progress) { (query: ProgressQuery, context) in
      try await progress(of: try context.id("study"), query)
    }
  }

  /// Waits in memory for a change that the client has not seen; the database is asked only when there is one.
  private func progress(of study: Int64, _ query: ProgressQuery) async throws -> ProgressResponse {
    let start = ContinuousClock.now
    let deadline = start + .seconds(query.timeoutSeconds)
    let earliest = min(start + .seconds(query.intervalSeconds), deadline)
    guard let after = query.after else { return try await progress(of: study) }
    if changes.version(of: study) == after {
      // Also tells at once that there is no such study, or that there is nothing more to wait for.
      let current = try await progress(of: study)
      if current.isDone { return current }
      await changes.waitForChange(of: study, since: after, until: deadline)
    }
    var current = try await progress(of: study)
    if !current.isDone, !changes.isClosed, earliest > .now {
      // Changes that come in quick succession are told together. An end that comes meanwhile waits for the interval.
      try await Task.sleep(until: earliest, clock: .continuous)
      current = try await progress(of: study)
    }
    return current
  }

  private func progress(of id: Int64) async throws -> ProgressResponse {
    let version = changes.version(of: id)
    let study = try await study(id)
    let running = try await store.perform { store throws(StoreError) in
      try store.jobs(matching: JobFilter(study: id, states: [.running]), page: Page(.oldestFirst))
    }
    return ProgressResponse(
      version: version, study: study,
      running: live(running).map { job in
        .init(job: job.id, worker: job.worker, epochsDone: job.epochsDone, epochs: job.spec.epochs)
      })
  }
}
