import Glibc
import PairAPI
import PairCore
import Testing

/// The main job as a user does it, over the built programs.
@Suite("The main job, end to end")
struct MainJobTests {
  private static let grid = [
    "submit", "grid", "--dataset", "synthetic", "--pairs", "40", "--epochs", "2", "--batch-size", "10", "--model",
    "all",
    "--batch-norm", "both", "--seeds", "1-2",
  ]

  @Test("A grid is submitted, waited for and tabulated in every format")
  func grid() throws {
    let daemon = try PrivateDaemon()
    let submitted = try daemon.begin(Self.grid + ["--name", "small", "--wait"]).wait()
    #expect(submitted.status == 0, "\(submitted)")
    #expect(submitted.lines == ["study 1 (small): 16 jobs, 1-16", "16 succeeded"])
    #expect(submitted.standardError.contains("16/16 done"))

    let table = try daemon.ctl("results", "--aggregate")
    #expect(table.status == 0 && table.standardError.isEmpty, "\(table)")
    try #require(table.lines.count == 1 + 8 + 1, "\(table)")
    #expect(table.lines[0].contains(#/^model +batch_norm  dropout  n  test_accuracy %  95 % interval +min +max$/#))
    #expect(table.lines[1].contains(#/^BaseNet +no +0 +2 +\d+\.\d ± \d+\.\d +-?\d+\.\d … \d+\.\d +\d+\.\d +\d+\.\d$/#))
    #expect(table.lines[9].hasPrefix("in every row: dataset synthetic, train_pairs 40, test_pairs 40"))

    let csv = try daemon.ctl("results", "--aggregate", "--by", "model,batch-norm", "-o", "csv")
    let records = csv.standardOutput.split(separator: "\r\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(records.count == 9 && Set(records.map(\.count)).count == 1, "\(csv)")
    #expect(records[0].prefix(5) == ["model", "batch_norm", "metric", "n", "mean"])

    let json = try daemon.ctl("results", "--aggregate", "--metric", "train_loss", "-o", "json")
    let answer = try JSON.decode(AggregateResponse.self, from: Array(json.standardOutput.utf8))
    #expect(answer.metric == "train_loss" && answer.rows.count == 8)
    #expect(answer.rows.allSatisfy { $0.n == 2 && $0.jobs.count == 2 && $0.others.isEmpty })

    let markdown = try daemon.ctl("results", "--aggregate", "-o", "markdown")
    #expect(markdown.lines[1].allSatisfy { "|:- ".contains($0) })

    let jobs = try daemon.ctl("results", "--model", "BaseNetAux", "--seed", "2", "-o", "csv")
    #expect(jobs.standardOutput.split(separator: "\r\n").count == 3)
    let shown = try daemon.ctl("show", "16", "-o", "json")
    let job = try JSON.decode(JobResponse.self, from: Array(shown.standardOutput.utf8))
    #expect(job.epochs.map(\.epoch) == [1, 2])
    #expect(job.job.result?.testAccuracy == job.epochs.last?.testAccuracy)
    #expect(job.job.result?.digit1Accuracy != nil)
    #expect(try daemon.ctl("studies").standardOutput.contains("small"))
    #expect(try daemon.ctl("status").standardOutput.contains("16 succeeded"))
    #expect(try daemon.ctl("wait", "1-16", "-q").status == 0)
  }

  @Test("The same job twice ends in the same weights; another seed does not")
  func sameWeights() throws {
    let daemon = try PrivateDaemon()
    func weights(_ seed: String) throws -> String? {
      let id =
        try daemon.ctl(
          "submit", "run", "--dataset", "synthetic", "--pairs", "30", "--epochs", "1", "--dropout", "0.2", "--seed",
          seed,
          "--model", "BaseNetWeightShareAux", "--batch-norm", "yes", "--batch-size", "10", "--force", "-q", "--wait"
        ).lines.first ?? ""
      let shown = try daemon.ctl("show", id, "-o", "json")
      return try JSON.decode(JobResponse.self, from: Array(shown.standardOutput.utf8)).job.result?.weightsSHA256
    }
    let (first, second, other) = (try weights("1"), try weights("1"), try weights("2"))
    #expect(first?.count == 64)
    #expect(first == second)
    #expect(first != other)
  }

  @Test("A daemon killed in the middle completes after its restart, with the same table as an undisturbed one")
  func kill9() throws {
    let grid = [
      "submit", "grid", "--dataset", "synthetic", "--pairs", "60", "--epochs", "6", "--batch-size", "10", "--model",
      "all", "--batch-norm", "both", "--dropout", "0.2", "--seeds", "1-3",
    ]
    let quiet = try PrivateDaemon()
    #expect(try quiet.begin(grid + ["-q", "--wait"]).wait().status == 0)

    let disturbed = try PrivateDaemon()
    #expect(try disturbed.begin(grid + ["-q"]).wait().status == 0)
    for done in [2, 9, 15] {
      try wait { try progress(disturbed).ended >= done }
      #expect(disturbed.stop(SIGKILL)?.status == 128 + SIGKILL)
      try disturbed.start()
    }
    let waited = try disturbed.ctl("wait", "--study", "1")
    #expect(waited.status == 0, "\(waited)")
    for arguments in [["results", "--aggregate", "-o", "csv"], ["results", "--aggregate"]] {
      let (left, right) = (try quiet.begin(arguments).wait(), try disturbed.begin(arguments).wait())
      #expect(left.standardOutput == right.standardOutput)
    }
    #expect(try weights(quiet) == weights(disturbed))
  }

  @Test("A waiting client outlives the daemon's restart")
  func waitThroughRestart() throws {
    let daemon = try PrivateDaemon()
    let client = try daemon.begin(Self.grid + ["--wait"])
    try wait { try progress(daemon).ended >= 2 }
    daemon.stop()
    try daemon.start()
    let output = client.wait()
    #expect(output.status == 0, "\(output)")
    #expect(output.lines.last == "16 succeeded")
  }

  @Test("Ctrl-C ends the waiting and not the jobs")
  func interrupt() throws {
    let daemon = try PrivateDaemon()
    let client = try daemon.begin(["submit", "run", "--dataset", "synthetic", "--epochs", "10000", "--wait"])
    try wait { client.standardErrorSoFar.contains("0/1 done") }
    client.signal(SIGINT)
    let output = client.wait()
    #expect(output.status == 130)
    #expect(output.standardError.contains("the jobs go on. 'pairnetctl wait --study 1' waits for them"))
    #expect(
      try daemon.ctl("jobs", "--state", "running", "-o", "csv").standardOutput.split(separator: "\r\n").count == 2)
    #expect(try daemon.ctl("cancel", "1").status == 0)
  }

  /// Asks again and again until `condition` holds.
  private func wait(_ condition: () throws -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(120)
    while try !condition() {
      guard ContinuousClock.now < deadline else { throw Program.Failed(reason: "it did not happen within 120 s") }
      usleep(5_000)
    }
  }

  private func progress(_ daemon: PrivateDaemon) throws -> (ended: Int, total: Int) {
    let answer = try JSON.decode(
      StudiesResponse.self, from: Array(try daemon.ctl("studies", "-o", "json").standardOutput.utf8))
    guard let study = answer.studies.first else { return (0, 0) }
    return (study.jobs - study.count(.queued) - study.count(.running), study.jobs)
  }

  private func weights(_ daemon: PrivateDaemon) throws -> [String?] {
    let output = try daemon.ctl("results", "-o", "json")
    return try JSON.decode(JobsResponse.self, from: Array(output.standardOutput.utf8)).jobs.map {
      $0.result?.weightsSHA256
    }
  }
}
