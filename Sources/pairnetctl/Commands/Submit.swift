import ArgumentParser
import PairAPI
import PairCore

struct Submit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Queue one training or a grid of them.", subcommands: [SubmitRun.self, SubmitGrid.self])
}

struct SubmitRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Queue one training.",
    discussion: """
      Each option takes one value; what is left out has the job's default.

      EXAMPLES:
        pairnetctl submit run --model BaseNetAux --batch-norm yes --seed 7 --wait
        pairnetctl show $(pairnetctl submit run -q --dataset synthetic --wait)
      """)

  @OptionGroup var options: SubmitOptions

  func run() throws {
    let values = try options.values()
    for (key, list) in values.sorted(by: { $0.key < $1.key }) where list.count > 1 {
      throw Failure(
        .usage, "--\(key.kebabCased): a run takes one value, not \(list.count); 'pairnetctl submit grid' takes lists")
    }
    try options.submit(values)
  }
}

struct SubmitGrid: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grid",
    abstract: "Queue a training for every combination of some values.",
    discussion: """
      A grid is accepted whole or not at all, as one study. Values are lists
      (0,0.1), ranges (1-10), ranges with a step (0-0.8:0.2) or several of these;
      'all' means every model, 'both' means no and yes. What has been trained
      before is not trained again: such a job has that result at once, to the bit,
      and only the others are queued.

      EXAMPLES:
        pairnetctl submit grid --model all --dropout 0,0.2,0.5 --dry-run
        pairnetctl submit grid --name tuning --model all --batch-norm both --wait
        pairnetctl submit grid --batch-norm yes --dropout 0.5 --seeds 1-10 -q
        pairnetctl submit grid --dataset synthetic --pairs 500 --seeds 1-3
        pairnetctl submit grid --after tuning --priority low --label nightly \\
          --workers 2 --time-limit 10m --seeds 1-99
      """)

  @OptionGroup var options: SubmitOptions

  func run() throws { try options.submit(options.values()) }
}

struct SubmitOptions: ParsableArguments {
  /// Cells that a dry run shows; more would only scroll by.
  static let cellsShownMax = 1_000

  @OptionGroup(title: "Job parameters") var parameters: ParameterOptions

  @Option(help: ArgumentHelp("Sets --train-pairs and --test-pairs.", valueName: "list"))
  var pairs: String?

  @Option(help: "The study's name. (default: made from its number)")
  var name: String?

  @OptionGroup(title: "The queue") var asked: StudyOptionsGroup

  @Flag(help: "Print how many jobs it would be and which; ask no daemon.")
  var dryRun = false

  @Flag(help: "Wait until every job has ended; exit with 1 if one did not succeed.")
  var wait = false

  @Flag(name: .shortAndLong, help: "Print only the jobs' ids, one a line, and no progress.")
  var quiet = false

  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func values() throws(Failure) -> [String: [ParameterValue]] {
    var values = try parameters.values()
    guard let pairs else { return values }
    for parameter in [Parameter.trainPairs, .testPairs] {
      guard values[parameter.key] == nil else {
        throw Failure(.usage, "--pairs sets --\(parameter.key.kebabCased) already; give only one of them")
      }
      do {
        values[parameter.key] = try parameter.values(listedIn: pairs)
      } catch {
        throw Failure(.usage, "--pairs: '\(error.value)' is not allowed; \(error.allowed)")
      }
    }
    return values
  }

  func submit(_ values: [String: [ParameterValue]]) throws(Failure) {
    let grid: Grid
    do { grid = try Grid(validating: values) } catch { throw Failure(error) }
    if dryRun {
      _ = try asked.checked(after: [])
      return try show(grid)
    }

    let options = try asked.options(connection.client)
    let answer: SubmitResponse = try connection.client.post(
      .studies, SubmitRequest(name: name, grid: values, options: options))
    let ids = answer.firstJob...answer.lastJob
    if quiet {
      Standard.output.write(ids.map { "\($0)\n" }.joined())
    } else {
      Standard.output.write(
        "study \(answer.study.id) (\(Format.printable(answer.study.name))): \(Format.count(ids.count, "job")), "
          + "\(Format.ranges(Array(ids)))\n\(Self.reuse(answer))")
    }
    guard wait else {
      if !quiet, answer.reused < ids.count { try QueueControl.notePause(connection.client) }
      return
    }
    let waiting = Waiting(client: connection.client, subject: .study(answer.study.id), isQuiet: quiet)
    try Outcome.report(waiting.wait(), of: .study(answer.study.id), connection.client, isQuiet: quiet)
  }

  /// What of a submission need not be trained, as a line; nothing where all of it must.
  static func reuse(_ answer: SubmitResponse) -> String {
    let jobs = Int(answer.lastJob - answer.firstJob) + 1
    guard answer.reused > 0 else { return "" }
    let known = "\(Format.count(jobs, "job")): \(Format.count(answer.reused)) already known"
    return answer.reused == jobs
      ? "\(known), nothing to train\n" : "\(known), \(Format.count(jobs - answer.reused)) to train\n"
  }

  private func show(_ grid: Grid) throws(Failure) {
    let cells: [JobSpec]
    do { cells = try grid.cells() } catch { throw Failure(error) }
    Standard.output.write("\(Format.count(cells.count, "job"))\n")
    if quiet { return }
    let shown = cells.prefix(Self.cellsShownMax).map(\.values)
    let columns = ParameterColumns(of: cells.map(\.values))
    var table = Table(columns: columns.columns)
    for values in shown { table.append(columns.cells(values)) }
    Standard.output.write(table.aligned(styled: Terminal.output.color != .none))
    if cells.count > shown.count {
      Standard.output.write("and \(Format.count(cells.count - shown.count)) more\n")
    }
    if let constants = columns.constants { Standard.output.write("in every job: \(constants)\n") }
  }
}
