import ArgumentParser
import Glibc
import Torture

/// The fault suite at any size: `make torture` runs it large, `make test` small.
@main
struct TortureProgram: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pairnet-torture",
    abstract: "Kills, starves and lies to pairnetd, and checks that nothing is lost, repeated or misreported.",
    discussion: """
      Scenarios: \(Scenario.allCases.map(\.rawValue).joined(separator: ", ")). Exit status: 0 without findings, 1 with.
      PAIRNET_TORTURE_KEEP=1 leaves the state directories below /tmp.
      """)

  @Option(help: ArgumentHelp("Run this one; give it again for more. (default: all)", valueName: "name"))
  var scenario: [Scenario] = []
  @Option(help: ArgumentHelp("Cycles of each scenario, times its weight.", valueName: "number"))
  var cycles = 100
  @Option(help: ArgumentHelp("What a run has printed, to repeat its choices. (default: random)", valueName: "number"))
  var seed: UInt64?
  @Option(help: ArgumentHelp("Begin no further cycle after so many minutes, shared fairly.", valueName: "minutes"))
  var minutes: Double?

  func run() throws {
    let seed = seed ?? UInt64.random(in: 0 ... .max)
    let report = Report()
    let scenarios = scenario.isEmpty ? Scenario.allCases : scenario
    print("seed \(seed); training the undisturbed reference")
    let universe = try Universe()
    let start = ContinuousClock.now
    for (index, scenario) in scenarios.enumerated() {
      let left = minutes.map { Duration.seconds(60 * $0) - (ContinuousClock.now - start) }
      try scenario.perform(
        Run(
          cycles: max(1, Int(Double(cycles) * scenario.weight)), seed: seed, universe: universe, report: report,
          deadline: left.map { .now + $0 / (scenarios.count - index) }))
    }
    print(report.table)
    for finding in report.findings { print("finding: \(finding)") }
    print("in \(ContinuousClock.now - start)")
    if !report.findings.isEmpty { throw ExitCode(1) }
  }
}

extension Scenario: ExpressibleByArgument {}
