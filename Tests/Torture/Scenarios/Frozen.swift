import Dispatch
import Glibc
import Synchronization

extension Scenario {
  /// A long job trains while a sync of its epochs takes seconds: the training goes on, the API answers, and what is
  /// submitted meanwhile is acknowledged only when it is on disk.
  static func frozen(_ run: Run) throws {
    run.report.begins("frozen", seed: run.seed, "\(run.cycles) cycles")
    var random = SplitMix64(seed: run.seed)
    for _ in 0..<run.cycles where !run.isOver {
      run.report.cycle("frozen")
      try FrozenLife(seed: run.seed, report: run.report).live(&random)
    }
  }

  private struct FrozenLife {
    let seed: UInt64
    let report: Report
    let directory: Directory
    private let seconds = 1.2

    init(seed: UInt64, report: Report) throws {
      self.seed = seed
      self.report = report
      directory = try Directory()
    }

    func live(_ random: inout SplitMix64) throws {
      let faults = "\(directory.path)/faults"
      let nth = Int.random(in: 8...14, using: &random)
      let isKilled = random.chance(0.5)
      let daemon = try Daemon(
        in: directory, workers: 1,
        environment: faultLayer("sync:pairnet.db-wal:\(nth):FREEZE=\(seconds)", report: faults))
      guard daemon.isReady() else { return finding("the daemon does not start: \(daemon.log)") }
      var spec = Universe.specs[0].mapValues(\.object)
      spec["epochs"] = 10_000
      spec["train_pairs"] = 100
      guard daemon.client.post("/v1/studies", ["jobs": [spec]]).body != nil else { return finding("no submission") }

      guard wait(seconds: 30, { contents(of: faults).isEmpty ? nil : true }) != nil else {
        return finding("no sync was frozen: \(daemon.client.get("/v1/status"))")
      }
      report.fault("frozen", "FREEZE of sync")
      let first = epochs(daemon)
      let answered = Mutex<ContinuousClock.Instant?>(nil)
      let isDone = DispatchSemaphore(value: 0)
      DispatchQueue.global().async {
        let answer = daemon.client.post(
          "/v1/studies", ["name": "meanwhile", "jobs": [Universe.specs[0].mapValues(\.object)]])
        if answer.body != nil { answered.withLock { $0 = .now } }
        isDone.signal()
      }
      usleep(UInt32(seconds * 0.6e6))
      let second = epochs(daemon)
      let isAnswered = answered.withLock { $0 } != nil
      // Read after the answers, and written before the sync returns: if it is not there, all of them came before the end.
      if !contents(of: faults).contains("thawed") {
        if let first, let second, second <= first { finding("training stalls: epoch \(second) after \(first)") }
        if second == nil { finding("the API does not answer while a sync is frozen") }
        if isAnswered { finding("a submission is acknowledged before it is on disk") }
      }
      if isKilled {
        daemon.kill9()
        report.fault("frozen", "kill -9")
        isDone.wait()
      } else {
        isDone.wait()
        daemon.kill9()
        if answered.withLock({ $0 }) == nil { finding("a submission is not answered after the freeze") }
      }
      let snapshot = try Snapshot(of: "\(daemon.state)/pairnet.db", in: directory)
      for violation in snapshot.violations { finding(violation) }
      if snapshot.jobs[1] == nil { finding("the first job is lost") }
      if answered.withLock({ $0 }) != nil, snapshot.studies["meanwhile"] == nil { finding("a submission is lost") }
    }

    private func epochs(_ daemon: Daemon) -> Int? {
      let running = daemon.client.get("/v1/status").body?["running"] as? [[String: Any]]
      return running?.first?["epochs_done"] as? Int
    }

    private func finding(_ text: String) { report.finding("frozen", seed: seed, text) }
  }
}

/// Asks again and again until there is an answer.
func wait<Answer>(seconds: Double, _ ask: () throws -> Answer?) rethrows -> Answer? {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < deadline {
    if let answer = try ask() { return answer }
    usleep(1000)
  }
  return nil
}
