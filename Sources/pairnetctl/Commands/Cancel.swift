import ArgumentParser
import PairAPI
import PairCore

struct Cancel: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Give up jobs that are queued, running or paused.",
    discussion: """
      Jobs are named by number or by conditions; without either, only --all cancels
      everything that has not ended. Running jobs stop within a step.

      EXAMPLES:
        pairnetctl cancel 12 15-20
        pairnetctl cancel --study tuning --model BaseNet --seed 6-10
        pairnetctl cancel --where study=tuning,model=BaseNet,seed=6-10
        pairnetctl cancel --all --state queued
      """)

  @OptionGroup var options: ControlOptions

  func run() throws {
    try options.run(ControlVerb("cancelled", .cancel)) { client, filter throws(Failure) in
      try client.post(.cancel, ControlRequest(filter))
    }
  }
}
