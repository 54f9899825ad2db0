import Dispatch
import Glibc
import Synchronization

/// One state directory with its users, through many lives and deaths of the daemon.
final class Campaign {
  /// How a life ends, unless what disturbs it ends it earlier.
  enum Ending {
    /// Kill -9 after so many milliseconds of requests.
    case killed(after: Int)
    /// SIGTERM after so many.
    case stopped(after: Int)

    var milliseconds: Int {
      switch self {
      case .killed(let milliseconds), .stopped(let milliseconds): milliseconds
      }
    }
  }

  struct End {
    var status: Child.Status
    /// Whether what disturbed it ended it, rather than the ending that was asked for.
    var isBeforeItsTime: Bool
    /// What it wrote to standard error in this life.
    var log: String
  }

  let scenario: String
  let seed: UInt64
  let directory: Directory
  let universe: Universe
  let report: Report
  var random: SplitMix64
  /// Where its state lies, if that is a file system of its own.
  var disk: SmallDisk?
  private var users: [User] = []
  private var snapshot: Snapshot?
  private var lives = 0
  var databasePath: String { "\(directory.path)/state/pairnet.db" }

  init(_ scenario: String, seed: UInt64, users: Int, universe: Universe, report: Report) throws {
    self.scenario = scenario
    self.seed = seed
    self.universe = universe
    self.report = report
    directory = try Directory()
    random = SplitMix64(seed: seed)
    self.users = (1...users).map { User(number: $0, random: random.fork()) }
  }

  /// Starts the daemon, lets all users work, ends it, and checks what it left.
  ///
  /// - Parameters:
  ///   - environment: what disturbs it.
  ///   - afterwards: what happens to its files after its end and before the check.
  /// - Returns: how it ended.
  @discardableResult
  func live(
    _ environment: [String: String] = [:], to ending: Ending, afterwards: () throws -> Void = {}
  ) throws -> End {
    lives += 1
    report.cycle(scenario)
    unlink("\(directory.path)/pairnetd.err")
    let daemon = try Daemon(in: directory, environment: environment, settings: Self.settings)
    let before = snapshot?.jobs.filter { $0.value.state == "running" } ?? [:]
    if daemon.isReady() {
      try checkStale(before)
      let until = ContinuousClock.now + .milliseconds(ending.milliseconds)
      let users = Mutex(users)
      DispatchQueue.concurrentPerform(iterations: self.users.count) { index in
        var user = users.withLock { $0[index] }
        user.work(with: daemon.client, until: until)
        users.withLock { [user] in $0[index] = user }
      }
      self.users = users.withLock { $0 }
    } else if daemon.child.hasEnded == nil {
      finding("the daemon does not answer within a minute")
    }
    let isBefore = daemon.child.hasEnded != nil
    let status =
      switch ending {
      case .killed: daemon.kill9()
      case .stopped: daemon.stop()
      }
    let end = End(status: status, isBeforeItsTime: isBefore, log: daemon.log)
    try afterwards()
    try check()
    return end
  }

  /// Lets everything end undisturbed, and compares every result with the undisturbed run's.
  func settle() throws {
    unlink("\(directory.path)/pairnetd.err")
    let daemon = try Daemon(in: directory, settings: Self.settings)
    guard daemon.isReady() else { return finding("the daemon does not start after all this: \(daemon.log)") }
    for index in users.indices { users[index].release(daemon.client) }
    if !daemon.settles(seconds: 180) { finding("jobs do not end: \(daemon.client.get("/v1/status"))") }
    for index in users.indices { users[index].readAudits(daemon.client) }
    let status = daemon.stop()
    if status != 0 { finding("the undisturbed daemon ends with \(status): \(daemon.log)") }
    try check()
    guard let snapshot else { return }
    for (id, job) in snapshot.jobs.sorted(by: { $0.key < $1.key })
    where ["queued", "running", "paused"].contains(job.state) { finding("job \(id) ends as \(job.state)") }
    for (id, outcome) in snapshot.outcomes.sorted(by: { $0.key < $1.key }) {
      if let difference = universe.difference(of: outcome) { finding("the result of job \(id) differs: \(difference)") }
    }
    report.work(scenario, snapshot.tally)
    // In a campaign of a life or two there may be no job, or none that was not cancelled.
    if snapshot.outcomes.isEmpty, snapshot.jobs.values.contains(where: { $0.state != "cancelled" }) {
      finding("nothing has succeeded in \(lives) lives")
    }
  }

  func finding(_ text: String) { report.finding(scenario, seed: seed, "life \(lives): \(text)") }

  /// As many checkpoints as may be; and no job here is to blame for the daemon's death.
  private static let settings = ["checkpoint_seconds: 1", "crash_limit: 0"]

  /// What ran when the daemon died does not seem to run any more, as soon as the next one answers.
  private func checkStale(_ before: [Int64: Snapshot.Job]) throws {
    guard !before.isEmpty else { return }
    let now = try Snapshot.running(in: databasePath)
    for (id, job) in before where now[id] == job.attempts { finding("job \(id) still seems to run after the start") }
  }

  private func check() throws {
    let before = snapshot
    let snapshot = try Snapshot(of: databasePath, in: directory)
    for violation in snapshot.violations { finding(violation) }
    for loss in before.map(snapshot.losses) ?? [] { finding(loss) }
    for index in users.indices {
      for contradiction in users[index].contradictions(in: snapshot) { finding("user \(index + 1): \(contradiction)") }
    }
    for name in snapshot.studies.keys.sorted() where !users.contains(where: { $0.studies[name] != nil }) {
      finding("study '\(name)' is there, and nobody submitted it or its submission was refused")
    }
    for (id, job) in snapshot.jobs.sorted(by: { $0.key < $1.key })
    where job.state == "failed" && job.reason?.contains("time limit") != true {
      finding("job \(id) has failed: \(job.reason ?? "without a reason")")
    }
    self.snapshot = snapshot
  }
}

extension Scenario {
  /// Runs campaigns of at most so many lives each, every one from a seed of its own, until `cycles` are done.
  static func campaigns(
    _ scenario: String, _ run: Run, lives: Int, users: Int = 4, _ live: (Campaign) throws -> Void
  ) throws {
    var random = SplitMix64(seed: run.seed)
    var left = run.cycles
    while left > 0, !run.isOver {
      // The first has the run's own seed, so that a finding's seed repeats its campaign.
      let seed = left == run.cycles ? run.seed : random.next()
      let count = min(lives, left)
      run.report.begins(scenario, seed: seed, "\(count) cycles")
      let campaign = try Campaign(scenario, seed: seed, users: users, universe: run.universe, report: run.report)
      for _ in 1...count where !run.isOver { try live(campaign) }
      try campaign.settle()
      left -= count
    }
  }
}
