import Foundation
import Testing
import Torture

/// The fault suite in small; `make torture` runs it large.
@Suite("Torture", .serialized, .timeLimit(.minutes(5)))
struct ScenarioTests {
  /// Enough for every kind of fault to happen a few times, in seconds.
  static let cycles: [Scenario: Int] = [
    .miniature: 12, .points: 17, .users: 6, .disk: 8, .frozen: 1, .power: 5, .full: 3,
  ]
  private static let universe = Result { try Universe() }

  @Test(
    "Whatever happens to the daemon, nothing is lost, repeated or misreported, and results are the same bits",
    arguments: Scenario.allCases)
  func scenario(_ scenario: Scenario) throws {
    let environment = ProcessInfo.processInfo.environment
    let seed = environment["PAIRNET_TEST_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0 ... .max)
    print("PAIRNET_TEST_SEED=\(seed) repeats \(scenario)")
    let report = Report()
    try scenario.perform(
      Run(cycles: Self.cycles[scenario]!, seed: seed, universe: try Self.universe.get(), report: report))
    #expect(report.findings.isEmpty, "\(scenario)")
    print(report.table)
  }
}
