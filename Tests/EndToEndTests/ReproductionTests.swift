import Glibc
import PairAPI
import PairCore
import Testing

/// Table I over the built programs, small.
@Suite("Reproducing Table I", .serialized, .timeLimit(.minutes(5)))
struct ReproductionTests {
  private static let small = [
    "reproduce", "table1", "--dataset", "synthetic", "--pairs", "60", "--epochs", "4", "--runs", "4",
  ]

  private func reproduction(_ daemon: PrivateDaemon, _ arguments: [String] = small) throws -> ReproductionResponse {
    let output = try daemon.begin(arguments + ["-o", "json", "-q"]).wait()
    return try JSON.decode(ReproductionResponse.self, from: Array(output.standardOutput.utf8))
  }

  /// Asks until the reproduction is in `state` with so many jobs of its study ended.
  private func wait(_ daemon: PrivateDaemon, for state: ReproductionResponse.State, ended: Int) throws {
    let deadline = ContinuousClock.now + .seconds(120)
    while ContinuousClock.now < deadline {
      let now = try reproduction(daemon)
      try #require(now.state == .grid || now.state == state)
      let study = state == .grid ? now.reproduction.gridStudy : now.reproduction.runsStudy
      if let study {
        let output = try daemon.ctl("jobs", "--study", String(study), "--state", "succeeded", "-o", "json")
        if try JSON.decode(JobsResponse.self, from: Array(output.standardOutput.utf8)).jobs.count >= ended { return }
      }
      usleep(5_000)
    }
    Issue.record("no \(ended) jobs of the \(state) ended in two minutes")
  }

  @Test("Killed with its client in the middle of the grid and of the runs, the daemon ends with the undisturbed table")
  func kill9() throws {
    let quiet = try PrivateDaemon()
    let waited = try quiet.begin(Self.small + ["--wait"]).wait()
    #expect(waited.status == 0, "\(waited)")
    #expect(waited.lines[0].hasPrefix("model "))
    #expect(
      waited.lines.prefix(5).dropFirst().map { $0.split(separator: " ")[0] } == Model.allCases.map { $0.rawValue[...] })
    #expect(waited.standardOutput.contains("the report 83.0 ± 1.2 (n = 10)"))
    #expect(waited.standardOutput.contains("This plan differs"))

    let disturbed = try PrivateDaemon()
    let client = try disturbed.begin(Self.small + ["--wait"])
    for (state, ended) in [(ReproductionResponse.State.grid, 5), (.grid, 25), (.runs, 4)] {
      try wait(disturbed, for: state, ended: ended)
      if state == .grid, ended == 5 {
        client.signal(SIGKILL)
        _ = client.wait()
      }
      #expect(disturbed.stop(SIGKILL)?.status == 128 + SIGKILL)
      try disturbed.start()
    }
    #expect(try disturbed.begin(Self.small + ["--wait", "-q"]).wait().status == 0)
    let (left, right) = (try reproduction(quiet), try reproduction(disturbed))
    #expect(left.state == .done && left.rows.count == 4 && left.rows.allSatisfy { $0.n == 4 })
    #expect(left.rows == right.rows)
    #expect(try disturbed.ctl("studies", "-o", "json").standardOutput.contains("reproduction-1-runs"))
    #expect(right.reproduction.gridStudy == 1 && right.reproduction.runsStudy == 2)

    let clean = try reproduction(quiet, Self.small + ["--protocol", "clean", "--wait"])
    #expect(clean.reproduction.id == 2 && clean.state == .done)
    #expect(clean.remarks.contains { $0.contains("less those by the clean one (reproductions 2 and 1)") })
    #expect(clean.remarks.contains { $0.contains("no test image was used") })
  }

  @Test("A reproduction whose grid is cancelled says so and ends with 1")
  func cancelled() throws {
    let daemon = try PrivateDaemon(workers: 1)
    let long = ["reproduce", "table1", "--dataset", "synthetic", "--pairs", "60", "--epochs", "10000", "--runs", "2"]
    #expect(try daemon.begin(long).wait().status == 0)
    #expect(try daemon.ctl("cancel", "--study", "1").status == 0)
    // Asking again does not join what cannot go on.
    let second = try daemon.begin(long + ["--wait"])
    while try daemon.ctl("cancel", "--study", "2").status != 0 { usleep(10_000) }
    let output = second.wait()
    #expect(output.status == 1, "\(output)")
    #expect(output.standardError.contains("cannot go on: job 41 of the grid cancelled: cancelled by user"))
  }
}
