import ArgumentParser
import PairAPI
import PairCore

struct Retry: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Queue jobs again that failed, diverged or were cancelled.",
    discussion: """
      They start anew, in their old places, and under the present version of the
      engine. Where conditions name the jobs, those that failed are meant; --state
      diverged or --state cancelled means these instead. A diverged job diverges
      again unless the engine has changed: the same job ends in the same bits.

      EXAMPLES:
        pairnetctl retry 12 15-20
        pairnetctl retry --study tuning
        pairnetctl retry --study tuning --state failed,cancelled
        pairnetctl retry --all
      """)

  @OptionGroup var options: ControlOptions

  func run() throws {
    try options.run(ControlVerb("queued again:", .retry, usual: [.failed])) { client, filter throws(Failure) in
      try client.post(.retry, ControlRequest(filter))
    }
  }
}
