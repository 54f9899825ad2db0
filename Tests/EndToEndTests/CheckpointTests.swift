import GRDB
import Glibc
import PairAPI
import PairCore
import Testing

/// Interrupted trainings, over the built programs: they go on where they stopped, and end in the same bits.
@Suite("Checkpoints, end to end")
struct CheckpointTests {
  /// Five seconds of an idle core or more: long enough for a few checkpoints a second apart, on the fastest machine too.
  private static let job = [
    "submit", "run", "--dataset", "synthetic", "--model", "BaseNetWeightShareAux", "--batch-norm", "yes", "--dropout",
    "0.2", "--pairs", "1000", "--batch-size", "25", "--epochs", "200", "--seed", "7", "-q",
  ]

  @Test(
    "A job that the daemon was killed or stopped in goes on from its checkpoint to the bits of an undisturbed run",
    arguments: [(SIGKILL, "interrupted"), (SIGTERM, "stopped")])
  func resumes(signal: CInt, ending: String) throws {
    let quiet = try PrivateDaemon(workers: 1)
    let undisturbed = try quiet.begin(Self.job + ["--wait"])

    let daemon = try PrivateDaemon(workers: 1, options: ["--checkpoint-seconds", "1"])
    #expect(try daemon.begin(Self.job).wait().status == 0)
    var done = 0
    for interruption in 1...2 {
      // Past the checkpoint that it came from, so that it must have trained in this life too.
      try wait { try self.checkpoint(of: daemon)?.epochs ?? 0 > done }
      let ended = daemon.stop(signal)
      #expect(ended?.status == (signal == SIGKILL ? 128 + SIGKILL : 0))
      done = try #require(try checkpoint(of: daemon)).epochs
      try daemon.start()
      // What was done until the checkpoint is not done again.
      #expect(try number(daemon, "SELECT count(*) FROM epochs") >= done)
      #expect(try number(daemon, "SELECT count(*) FROM attempts WHERE ending = '\(ending)'") == interruption)
      #expect(daemon.program?.standardErrorSoFar.contains("starts from its first epoch") == false)
    }
    let waited = try daemon.ctl("wait", "1")
    #expect(waited.status == 0, "\(waited)")
    #expect(undisturbed.wait().status == 0)
    let (left, right) = (try shown(quiet), try shown(daemon))
    #expect(left.job.result != nil && left.job.result == right.job.result)
    #expect(left.epochs == right.epochs && right.epochs.count == 200)
    #expect(try number(daemon, "SELECT count(*) FROM checkpoints") == 0)
    #expect(right.job.attempts == 3)
  }

  @Test("A job that was stopped for urgent ones goes on after them to the bits of an undisturbed run")
  func preemption() throws {
    let quiet = try PrivateDaemon(workers: 1)
    let undisturbed = try quiet.begin(Self.job + ["--wait"])

    let daemon = try PrivateDaemon(workers: 1)
    #expect(try daemon.begin(Self.job).wait().status == 0)
    // Up to four times; on a slow machine it may have ended before.
    for urgent in 1...4 {
      func done() throws -> Int { try number(daemon, "SELECT count(*) FROM epochs WHERE job = 1") }
      let before = try done()
      try wait { try done() > before || done() == 200 }
      let submitted = try daemon.ctl(
        "submit", "run", "--dataset", "synthetic", "--pairs", "20", "--batch-size", "10", "--epochs", "1", "--seed",
        String(urgent), "--priority", "urgent", "-q", "--wait")
      #expect(submitted.status == 0, "\(submitted)")
    }
    let waited = try daemon.ctl("wait", "1")
    #expect(waited.status == 0, "\(waited)")
    #expect(undisturbed.wait().status == 0)
    let (left, right) = (try shown(quiet), try shown(daemon))
    #expect(left.job.result != nil && left.job.result == right.job.result)
    #expect(left.epochs == right.epochs && right.epochs.count == 200)
    let preemptions = try number(daemon, "SELECT count(*) FROM attempts WHERE job = 1 AND ending = 'preempted'")
    #expect(preemptions >= 1 && right.job.attempts == preemptions + 1)
  }

  private func shown(_ daemon: PrivateDaemon) throws -> JobResponse {
    try JSON.decode(JobResponse.self, from: Array(try daemon.ctl("show", "1", "-o", "json").standardOutput.utf8))
  }

  private func checkpoint(of daemon: PrivateDaemon) throws -> (epochs: Int, steps: Int)? {
    try read(daemon) { database in
      try Row.fetchOne(database, sql: "SELECT epochs, steps FROM checkpoints").map { ($0[0], $0[1]) }
    }
  }

  private func number(_ daemon: PrivateDaemon, _ sql: String) throws -> Int {
    try read(daemon) { try Int.fetchOne($0, sql: sql) ?? -1 }
  }

  private func read<Value>(_ daemon: PrivateDaemon, _ body: (Database) throws -> Value) throws -> Value {
    var configuration = GRDB.Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    return try DatabaseQueue(path: "\(daemon.directory)/state/pairnet.db", configuration: configuration).read(body)
  }

  /// Asks again and again until `condition` holds.
  private func wait(_ condition: () throws -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(120)
    while try !condition() {
      guard ContinuousClock.now < deadline else { throw Program.Failed(reason: "it did not happen within 120 s") }
      usleep(20_000)
    }
  }
}
