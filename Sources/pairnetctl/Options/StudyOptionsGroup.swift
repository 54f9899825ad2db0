import ArgumentParser
import PairCore

/// What a submission asks for besides its jobs, as options.
struct StudyOptionsGroup: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Which jobs go first: \(Priority.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "level"))
  var priority: String = Priority.normal.rawValue

  @Option(help: ArgumentHelp("A word to find the study by; repeat it for several.", valueName: "label"))
  var label: [String] = []

  @Option(
    help: ArgumentHelp(
      "Start when every job of this study has ended, however it did; repeat it for several.",
      valueName: "number|name"))
  var after: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Run at most so many of the jobs at a time. (default: all workers)", valueName: "number"))
  var workers: Int?

  @Option(
    help: ArgumentHelp(
      "Fail a job that trains for longer, as in 90s, 10m or 2h. (default: none)", valueName: "time"))
  var timeLimit: String?

  @Flag(help: "Train also what has been trained before, instead of taking the results that are there.")
  var force = false

  /// All of it, with studies by their numbers; names are looked up in the daemon.
  func options(_ client: DaemonClient) throws(Failure) -> StudyOptions {
    // What is wrong on the command line is said before the daemon is asked.
    _ = try checked(after: [])
    var studies: [Int64] = []
    for text in after { studies.append(try StudyName.id(of: text, client, option: "--after")) }
    return try checked(after: studies)
  }

  /// - Throws: a usage failure for anything that no daemon would accept.
  func checked(after studies: [Int64]) throws(Failure) -> StudyOptions {
    var seconds: Double?
    if let timeLimit {
      guard let span = TimeSpan(parsing: timeLimit) else {
        throw Failure(
          .usage, "--time-limit: '\(timeLimit)' is not allowed; give a time above 0, as in 90s, 10m or 2h")
      }
      seconds = span.seconds
    }
    do {
      return try StudyOptions(
        validating: try Priority(parsing: priority), labels: label, after: studies, workersMax: workers,
        timeLimitSeconds: seconds, isForced: force)
    } catch {
      let names = ["workers_max": "--workers", "time_limit_seconds": "--time-limit", "labels": "--label"]
      throw Failure(
        .usage, "\(names[error.key] ?? "--\(error.key)"): '\(error.value)' is not allowed; \(error.allowed)")
    }
  }
}
