import GRDB
import PairAPI
import PairCore
import Testing

/// What is known is not trained again, and what is recorded can be trained again to see that it is right.
@Suite("Reuse and audits over the built programs", .timeLimit(.minutes(5)))
struct AuditTests {
  private static let grid = [
    "submit", "grid", "--dataset", "synthetic", "--pairs", "30", "--epochs", "2", "--batch-size", "10", "--model",
    "BaseNetWeightShareAux", "--dropout", "0,0.2",
  ]

  @Test("The same grid again trains nothing, a new value its cells, and one altered number is found by an audit")
  func altered() throws {
    let daemon = try PrivateDaemon()
    let first = try daemon.begin(Self.grid + ["--seeds", "1-2", "--wait"]).wait()
    #expect(first.lines == ["study 1 (study-1): 4 jobs, 1-4", "4 succeeded"], "\(first)")
    let again = try daemon.begin(Self.grid + ["--seeds", "1-2", "--wait"]).wait()
    #expect(
      again.lines == [
        "study 2 (study-2): 4 jobs, 5-8", "4 jobs: 4 already known, nothing to train", "4 succeeded",
      ], "\(again)")
    let wider = try daemon.begin(Self.grid + ["--seeds", "1-3", "--wait"]).wait()
    #expect(wider.lines[1] == "6 jobs: 4 already known, 2 to train", "\(wider)")
    let shown = try daemon.ctl("show", "5").standardOutput
    #expect(shown.contains("reused from") && shown.contains("job 1, the same training"))
    #expect(shown.contains("attempt 1"))

    let audit = try daemon.ctl("audit", "--sample", "100%", "--draw", "3")
    #expect(audit.status == 0, "\(audit)")
    #expect(audit.lines.last == "6 jobs trained again: the same to the last bit")
    try alter(daemon, "UPDATE epochs SET train_loss = train_loss + 1e-9 WHERE job = 3 AND epoch = 1")
    let found = try daemon.ctl("audit", "--study", "1", "--sample", "4", "--no-wait")
    #expect(found.status == 0 && found.lines.last?.contains("4 not done") == true, "\(found)")
    let report = try daemon.ctl("audit", "--of", "5")
    #expect(report.status == 1, "\(report)")
    #expect(report.lines[0].hasPrefix("job 3 differs from its repetition, job "))
    #expect(report.lines[1].hasPrefix("  train_loss of epoch 1 is recorded as "))
    #expect(report.lines.last == "4 jobs trained again: 3 the same to the last bit, 1 different, 0 without a result")
  }

  @Test("A bundle of reused jobs is consistent, and verifying it trains it again")
  func bundle() throws {
    let daemon = try PrivateDaemon()
    for _ in 1...2 { _ = try daemon.begin(Self.grid + ["--wait", "-q"]).wait() }
    let file = "\(daemon.directory)/again.json"
    #expect(try daemon.ctl("bundle", "2", "-o", file).status == 0)
    let verified = try daemon.ctl("verify", file, "--sample", "2")
    #expect(verified.status == 0, "\(verified)")
    let job = try daemon.ctl("show", "5", "-o", "json")
    let answer = try JSON.decode(JobResponse.self, from: Array(job.standardOutput.utf8))
    #expect(answer.job.study == 3 && answer.job.attempts == 1 && answer.job.reusedFrom == nil)
  }

  @Test("What cannot be audited ends with 3, and a command line that makes no sense with 2")
  func statuses() throws {
    let daemon = try PrivateDaemon()
    #expect(try daemon.ctl("audit", "--sample", "1").status == 3)
    #expect(try daemon.ctl("audit", "--of", "7").status == 3)
    for arguments in [["--sample", "0"], ["--sample", "x%"], [], ["--sample", "1", "--of", "1"]] {
      #expect(try daemon.begin(["audit"] + arguments).wait().status == 2)
    }
  }

  private func alter(_ daemon: PrivateDaemon, _ sql: String) throws {
    var configuration = GRDB.Configuration()
    configuration.busyMode = .timeout(5)
    let queue = try DatabaseQueue(path: "\(daemon.directory)/state/pairnet.db", configuration: configuration)
    try queue.write { try $0.execute(sql: sql) }
  }
}
