import ArgumentParser
import PairAPI
import PairCore

struct BundleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bundle",
    abstract: "Write a study with its results and what they come from to one file.",
    discussion: """
      The file is JSON: every job's spec, digests, result, epochs and attempts with
      all decimals, and a manifest with the SHA-256 of it all. 'pairnetctl verify'
      checks it and trains some of it again, here or on another machine.

      EXAMPLES:
        pairnetctl bundle tuning -o tuning.json
        pairnetctl bundle 12 -o - | gzip > study-12.json.gz
      """)

  @Argument(help: ArgumentHelp("The study; all of its jobs must have ended.", valueName: "number|name"))
  var study: String

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The file to write; - for standard output.", valueName: "file"),
    completion: .file())
  var output: String

  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func run() throws {
    let client = connection.client
    let record: StudyRecord = try client.get(.study(try StudyName.id(of: study, client)))
    guard record.hasEnded else {
      let left = JobState.allCases.filter { !$0.isTerminal }.reduce(0) { $0 + record.count($1) }
      throw Failure(
        .failed,
        "\(Format.count(left, "job")) of study \(record.id) have not ended; 'pairnetctl wait --study \(record.id)' waits"
      )
    }
    let status: StatusResponse = try client.get(.status)
    let entries = try client.details(JobFilter(study: record.id)).map { answer in
      guard let provenance = answer.provenance else {
        throw Failure(.failed, "this daemon does not tell where results come from: update it")
      }
      return Bundle.JobEntry(job: answer.job, provenance: provenance, epochs: answer.epochs)
    }
    let bundle = try Bundle(study: record, programVersion: status.version, jobs: entries)
    let text = try JSON.pretty(bundle)
    if output == "-" { return Standard.output.write(text) }
    try WholeFile.write(text, to: output)
    Standard.output.write(
      "\(output): \(Format.count(entries.count, "job")), SHA-256 of the content \(bundle.manifest.sha256 ?? "")\n")
  }
}

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a bundle, and train some of its jobs again.",
    discussion: """
      First the bundle against itself: its fields, its digest, the digests of all
      specs, accuracies against counts of errors. Then as many jobs as --sample
      says, drawn at random, are trained by the daemon, and every number of them
      must be the same to the last bit. Exits with 0 if nothing differs and with 1
      if something does, or cannot be checked here.

      EXAMPLES:
        pairnetctl verify tuning.json
        pairnetctl verify tuning.json --sample 5 --seed 42
        pairnetctl verify tuning.json --sample 0    # the bundle alone, no daemon
      """)

  @Argument(help: ArgumentHelp("A bundle.", valueName: "file"), completion: .file())
  var file: String

  @Option(help: ArgumentHelp("Jobs to train again.", valueName: "count"))
  var sample: Int = 3

  @Option(help: ArgumentHelp("Draws the jobs. (default: at random, and said)", valueName: "seed"))
  var seed: UInt64?

  @Flag(name: .shortAndLong, help: "Print nothing but errors.")
  var quiet = false

  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    guard sample >= 0 else { throw ValidationError("--sample: '\(sample)' is not allowed; give 0 or more") }
  }

  func run() throws {
    let bundle = try Bundle(file: file)
    let contradictions = try bundle.contradictions()
    guard contradictions.isEmpty else {
      throw Failure(.failed, Bundle.listing("\(file) contradicts itself", contradictions))
    }
    say("\(file): \(Format.count(bundle.jobs.count, "job")), consistent, SHA-256 \(bundle.manifest.sha256 ?? "")")

    // A failed or cancelled job says nothing that another run could confirm.
    let candidates = bundle.jobs.filter { $0.job.state == .succeeded || $0.job.state == .diverged }
    let seed = seed ?? UInt64.random(in: 0...999_999)
    let cells = Sample.of(candidates, count: sample, seed: seed)
    guard !cells.isEmpty else { return say("no job was trained again") }
    let rerun = Rerun(client: connection.client, isQuiet: quiet)
    try rerun.check(cells)
    let name =
      "verify-\((bundle.manifest.sha256 ?? "").prefix(8))-\(seed)-\(String(UInt32.random(in: 0 ... .max), radix: 36))"
    let (study, results) = try rerun.differences(cells, name: name)
    let different = results.filter { !$0.1.isEmpty }
    guard different.isEmpty else {
      throw Failure(
        .failed,
        Bundle.listing(
          "\(different.count) of \(Format.count(cells.count, "job")) trained again (study \(study)) differ",
          different.flatMap { cell, differences in differences.map { "job \(cell.job.id): \($0)" } }))
    }
    say(
      "\(Format.count(cells.count, "job")) of \(Format.count(candidates.count)), drawn with seed \(seed), trained again "
        + "as study \(study): every number is the same to the last bit (jobs \(Format.ranges(cells.map(\.job.id))))")
  }

  private func say(_ text: String) { if !quiet { Standard.output.write("\(text)\n") } }
}
