import Glibc

extension Scenario {
  /// What the miniature passes, beside those at its start.
  private static let miniaturePoints = [
    "migrate.written", "recover.written", "recover.committed", "submit.before", "submit.written", "submit.committed",
    "claim.written", "claim.committed", "record.written", "record.committed", "epochs.written", "end.written",
    "checkpoint.written", "return.written",
    "cancel.written", "cancel.committed",
  ]

  /// The miniature submits, claims, appends, finishes and cancels as fast as the disk can, and says what has been
  /// acknowledged.
  static func miniature(_ run: Run) throws {
    let perDirectory = 25
    var random = SplitMix64(seed: run.seed)
    var left = run.cycles
    while left > 0, !run.isOver {
      let seed = left == run.cycles ? run.seed : random.next()
      let count = min(perDirectory, left)
      run.report.begins("miniature", seed: seed, "\(count) cycles")
      var life = try MiniatureLife(seed: seed, report: run.report)
      for _ in 1...count where !run.isOver { try life.live() }
      left -= count
    }
  }

  /// One state directory of the miniature, and what it has said in all of its lives.
  private struct MiniatureLife {
    let seed: UInt64
    let report: Report
    let directory: Directory
    var random: SplitMix64
    var submitted: Set<Int64> = []
    var finished: Set<Int64> = []
    var cancelled: Set<Int64> = []
    var running: [Int64: Int] = [:]

    init(seed: UInt64, report: Report) throws {
      self.seed = seed
      self.report = report
      directory = try Directory()
      random = SplitMix64(seed: seed)
      _ = try directory.make("state")
    }

    mutating func live() throws {
      report.cycle("miniature")
      var environment: [String: String] = [:]
      var bytes = Int.random(in: 0...1600, using: &random)
      let point = random.chance(0.6) ? miniaturePoints.randomElement(using: &random) : nil
      if let point {
        let isAtStart = point.hasPrefix("migrate") || point.hasPrefix("recover")
        environment["PAIRNET_CRASH_AT"] = "\(point):\(isAtStart ? 1 : Int.random(in: 1...40, using: &random))"
        bytes = 4000
      }
      let name = "\(directory.path)/harness"
      unlink("\(name).out")
      let child = try Child(["crash-harness", "\(directory.path)/state"], environment: environment, output: name)
      let deadline = ContinuousClock.now + .seconds(20)
      var status = stat()
      while child.hasEnded == nil, ContinuousClock.now < deadline {
        if stat(child.outputPath, &status) == 0, status.st_size >= bytes { break }
        usleep(300)
      }
      report.fault("miniature", child.hasEnded == nil ? "kill -9" : point ?? "its own end")
      child.signal(SIGKILL)
      _ = child.wait()
      for line in child.output.split(separator: "\n") { hear(line) }
      try check()
    }

    private mutating func hear(_ line: Substring) {
      let words = line.split(separator: " ")
      switch words[0] {
      case "recovered":
        // What ran is put back before anything else happens.
        let requeued = Set((words.count > 1 ? words[1].split(separator: ",") : []).compactMap { Int64($0) })
        for id in running.keys where !requeued.contains(id) { finding("job \(id) ran and was not put back") }
      case "submitted": submitted.formUnion(Int64(words[1])!...Int64(words[2])!)
      case "cancelled": cancelled.insert(Int64(words[1])!)
      case "finished": if !finished.insert(Int64(words[1])!).inserted { finding("job \(words[1]) finished twice") }
      default: finding("it says: \(line)")
      }
    }

    private mutating func check() throws {
      let snapshot = try Snapshot(of: "\(directory.path)/state/pairnet.db", in: directory)
      for violation in snapshot.violations { finding(violation) }
      for (ids, states) in [(submitted, nil), (finished, "succeeded"), (cancelled, "cancelled")]
        as [(Set<Int64>, String?)]
      {
        for id in ids {
          guard let job = snapshot.jobs[id] else {
            finding("job \(id) was acknowledged and is lost")
            continue
          }
          if let states, job.state != states { finding("job \(id) was \(states) and is \(job.state)") }
        }
      }
      running = snapshot.jobs.filter { $0.value.state == "running" }.mapValues(\.attempts)
    }

    private func finding(_ text: String) { report.finding("miniature", seed: seed, text) }
  }
}
