import ArgumentParser
import PairAPI
import PairCore

struct Reproduce: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Do the report's experiments again.", subcommands: [ReproduceTable1.self])
}

struct ReproduceTable1: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table1",
    abstract: "Reproduce Table I: the best setting of each model, over fresh runs.",
    discussion: """
      The daemon trains a grid of 40 settings (4 models, batch norm off and on,
      dropout 0, 0.1, 0.2, 0.5, 0.8) on one draw of pairs, takes the best setting of
      each model, and trains each on further seeds. It needs no client for that and
      survives restarts: asking again, with the same options, joins what is there
      and prints the table once it is done.

        report  chooses by accuracy on the test pairs, as the report did
        clean   chooses on validation pairs; only fresh runs touch the test images

      EXAMPLES:
        pairnetctl reproduce table1 --wait
        pairnetctl reproduce table1 --protocol clean --wait -o markdown
        pairnetctl reproduce table1 --dataset synthetic --pairs 100 --epochs 3 \\
          --runs 3 --wait
      """)

  @Option(name: .customLong("protocol"), help: "report or clean: how settings are chosen.")
  var kind: String = ReproductionProtocol.report.rawValue

  @Option(help: ArgumentHelp("Where the digits come from. (default: mnist)", valueName: "name"))
  var dataset: String?

  @Option(help: ArgumentHelp("Fresh runs of each model. (default: 10)", valueName: "count"))
  var runs: Int64?

  @Option(help: ArgumentHelp("The grid's seed; the runs have those that follow. (default: 1)", valueName: "seed"))
  var seed: Int64?

  @Option(help: ArgumentHelp("Passes over the train pairs. (default: 30)", valueName: "count"))
  var epochs: Int64?

  @Option(help: ArgumentHelp("Pairs to train on. (default: 1000)", valueName: "count"))
  var trainPairs: Int64?

  @Option(help: ArgumentHelp("Pairs to test on, and to validate on. (default: 1000)", valueName: "count"))
  var testPairs: Int64?

  @Option(help: ArgumentHelp("Sets --train-pairs and --test-pairs.", valueName: "count"))
  var pairs: Int64?

  @Flag(help: "Start anew and train everything, even if it was done before.")
  var again = false

  @Flag(help: "Wait for the table.")
  var wait = false

  @Flag(name: .shortAndLong, help: "No progress.")
  var quiet = false

  @Option(
    name: [.customShort("o"), .long],
    help: "table for people; json (as the API answers), markdown and latex for programs and papers.")
  var output: ComparisonFormat = .table
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    guard ReproductionProtocol(rawValue: kind) != nil else {
      throw ValidationError("--protocol: '\(kind)' is not allowed; give report or clean")
    }
    guard pairs == nil || (trainPairs == nil && testPairs == nil) else {
      throw ValidationError("--pairs sets --train-pairs and --test-pairs already; give only one of them")
    }
  }

  func run() throws {
    let request = ReproduceRequest(
      protocol: ReproductionProtocol(rawValue: kind) ?? .report, dataset: dataset, runs: runs, seed: seed,
      epochs: epochs, trainPairs: pairs ?? trainPairs, testPairs: pairs ?? testPairs, again: again ? true : nil)
    do { _ = try request.plan() } catch { throw Failure(error) }
    let client = connection.client
    var answer: ReproductionResponse = try client.post(.reproductions, request)
    if wait { answer = try follow(answer, client) }
    try write(answer)
    switch answer.state {
    case .stuck: throw Failure(.failed, "the reproduction cannot go on: \(Format.printable(answer.reason ?? ""))")
    case .done where answer.rows.contains { !$0.others.isEmpty }:
      throw Failure(.failed, "not every run succeeded; the table says how many")
    default: break
    }
  }

  /// Waits for one study after the other; the daemon goes from the first to the second by itself.
  private func follow(
    _ answer: ReproductionResponse, _ client: DaemonClient
  ) throws(Failure) -> ReproductionResponse {
    var answer = answer
    var waited: Int64?
    while answer.state == .grid || answer.state == .runs {
      let study = answer.reproduction.runsStudy ?? answer.reproduction.gridStudy
      if waited != study {
        if !quiet {
          note(
            "reproduction \(answer.reproduction.id), \(answer.state == .grid ? "grid" : "fresh runs"): study \(study)")
        }
        _ = try Waiting(client: client, subject: .study(study), isQuiet: quiet).wait()
        waited = study
      } else {
        Pause.briefly()
      }
      answer = try client.get(.reproduction(answer.reproduction.id))
    }
    return answer
  }

  private func write(_ answer: ReproductionResponse) throws {
    if output == .json { return Standard.output.write(try JSON.pretty(answer)) }
    let summary = answer.reproduction
    guard !answer.rows.isEmpty else {
      let left = answer.state == .stuck ? "stuck" : "the grid is being trained"
      return Standard.output.write(
        "reproduction \(summary.id): \(left) (study \(summary.gridStudy)); the same command shows how far it is\n")
    }
    let report = TableOneReport(answer).report
    switch output {
    case .markdown: report.writeMarkdown()
    case .latex: report.writeLaTeX()
    case .table, .json: report.write()
    }
  }
}
