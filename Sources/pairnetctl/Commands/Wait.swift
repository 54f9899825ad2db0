import ArgumentParser
import PairCore

struct Wait: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Wait until jobs have ended.",
    discussion: """
      Exits with 0 if all of them succeeded and with 1 if not. Ctrl-C ends the
      waiting, not the jobs.

      EXAMPLES:
        pairnetctl wait 12 15-20
        pairnetctl wait --study tuning && pairnetctl results --study tuning
      """)

  @Argument(help: ArgumentHelp("Numbers of jobs and ranges of them, as in 3 7-9.", valueName: "job"))
  var jobs: [JobList] = []

  @Option(help: ArgumentHelp("Wait for the jobs of this study.", valueName: "number|name"))
  var study: String?

  @Flag(name: .shortAndLong, help: "Print nothing but errors.")
  var quiet = false

  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    guard jobs.isEmpty != (study == nil) else {
      throw ValidationError("Give either numbers of jobs or --study.")
    }
  }

  func run() throws {
    let client = connection.client
    let subject: Waiting.Subject =
      if let study { .study(try StudyName.id(of: study, client)) } else { .jobs(jobs.ids) }
    let progress = try Waiting(client: client, subject: subject, isQuiet: quiet).wait()
    try Outcome.report(progress, of: subject, client, isQuiet: quiet)
  }
}
