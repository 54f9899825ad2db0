import Glibc
import PairAPI
import PairCore
import PairStore

extension APIServer {
  func addStatus(to table: inout RouteTable) {
    table.get(.health) { (_: NoQuery, _) in
      try await checkHealth()
      return HealthResponse()
    }
    table.get(.status) { (_: NoQuery, _) in try await status() }
  }

  /// Proves that the daemon does its work, not merely that a timer runs: the store and the scheduler must answer.
  package func checkHealth() async throws {
    _ = try await store.perform { store throws(StoreError) in try store.counts() }
    _ = try await Blocking.run { scheduler.running.count }
  }

  private func status() async throws -> StatusResponse {
    let (counts, running, pausedAt) = try await store.perform { store throws(StoreError) in
      (
        try store.counts(), try store.jobs(matching: JobFilter(states: [.running]), page: Page(.oldestFirst)),
        try store.queuePausedAt()
      )
    }
    let uptime = ContinuousClock.now - facts.startedAt
    return StatusResponse(
      version: facts.provenance.programVersion, numericsVersion: facts.provenance.numericsVersion,
      instructionSet: facts.provenance.instructionSet, pid: getpid(), uptimeSeconds: uptime / .seconds(1),
      workers: scheduler.workers, queuePausedAt: pausedAt, stateDirectory: facts.stateDirectory,
      dataDirectory: facts.dataDirectory,
      counts: Dictionary(uniqueKeysWithValues: counts.map { ($0.rawValue, $1) }), running: live(running))
  }

  /// The jobs with the epochs that their workers have done, which may be ahead of those recorded.
  func live(_ jobs: [JobRecord]) -> [JobRecord] {
    let epochs = Dictionary(scheduler.running.map { ($0.attempt, $0.epoch) }) { first, _ in first }
    return jobs.map { job in
      var job = job
      job.epochsDone = max(job.epochsDone, epochs[Attempt(job: job.id, number: job.attempts)] ?? 0)
      return job
    }
  }
}
