import ArgumentParser
import PairAPI
import PairCore

struct Audit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train some finished jobs again and compare the bits.",
    discussion: """
      Draws jobs at random from those that succeeded and meet the conditions,
      trains each again from its first step, at low priority, and holds the digest
      of the weights, every figure of the result and every epoch against what is
      recorded. Results of another version of the engine's numerics, or of other
      dataset files, cannot come out the same: they are named and not drawn.

      The audit is a study of the daemon's: it goes on without this command, and
      --of reports on it at any time.

      EXIT STATUS:
        0  everything is the same to the last bit
        1  something differs
        3  nothing differs, but something could not be checked
        2  the command line or a value in it is wrong
        7  the daemon cannot be reached

      EXAMPLES:
        pairnetctl audit --sample 2%
        pairnetctl audit --study tuning --sample 20 --seed 7
        pairnetctl audit --where model=BaseNetAux --sample 5% --no-wait
        pairnetctl audit --of 12
      """)

  @Option(help: ArgumentHelp("How many jobs to train again, or which part of them.", valueName: "count|part%"))
  var sample: String?

  @Option(
    name: .customLong("draw"), help: ArgumentHelp("Draws the jobs. (default: at random, and said)", valueName: "seed"))
  var draw: Int64?

  @Option(help: "The name of the audit's study. (default: made from its number)")
  var name: String?

  @Option(help: ArgumentHelp("Report on an audit that was begun before.", valueName: "number|name"))
  var of: String?

  @Flag(help: "Do not wait for the end: begin the audit, or say how far it is.")
  var noWait = false

  @Flag(name: .shortAndLong, help: "No progress, and nothing where all is the same.")
  var quiet = false

  @OptionGroup var filter: FilterOptions
  @OptionGroup var format: OutputOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    guard (sample == nil) != (of == nil) else {
      throw ValidationError("give --sample to begin an audit, or --of to report on one")
    }
    guard draw ?? 0 >= 0 else { throw ValidationError("--draw: '\(draw!)' is not allowed; give an integer from 0") }
    guard format.output == .table || format.output == .json else {
      throw ValidationError("-o: '\(format.output.rawValue)' is not allowed; give table or json")
    }
  }

  func run() throws {
    do {
      let report = try of.map { try existing($0) } ?? begin()
      try write(report)
    } catch let failure as Failure where failure.status == .failed && !failure.message.isEmpty {
      // 1 is for results that differ.
      throw Failure(.unchecked, failure.message)
    }
  }

  private func existing(_ study: String) throws(Failure) -> AuditReport {
    let client = connection.client
    let id = try StudyName.id(of: study, client)
    let report: AuditReport = try client.get(.audit(study: id))
    return noWait || report.left == 0 ? report : try waited(id)
  }

  private func begin() throws(Failure) -> AuditReport {
    let client = connection.client
    let size: SampleSize
    do { size = try SampleSize(parsing: sample ?? "") } catch {
      throw Failure(.usage, "--sample: '\(error.value)' is not allowed; \(error.allowed)")
    }
    let seed = draw ?? Int64.random(in: 0...999_999)
    let answer: AuditResponse = try client.post(
      .audits, AuditRequest(filter: try filter.filter(client), sample: size, seed: seed, name: name))
    let study = answer.report.study
    if format.output == .table, !quiet {
      Standard.output.write(
        "audit \(study.id) (\(Format.printable(study.name))): \(Format.count(study.jobs, "job")) of "
          + "\(Format.count(answer.candidates)), drawn with seed \(seed)\n")
    }
    for skipped in answer.skipped where !quiet {
      note("left out: \(Format.count(skipped.jobs, "result")) \(Format.printable(skipped.reason))")
    }
    return noWait ? answer.report : try waited(study.id)
  }

  private func waited(_ study: Int64) throws(Failure) -> AuditReport {
    _ = try Waiting(client: connection.client, subject: .study(study), isQuiet: quiet).wait()
    return try connection.client.get(.audit(study: study))
  }

  private func write(_ report: AuditReport) throws {
    let text = AuditText(report)
    if format.output == .json {
      Standard.output.write(try JSON.pretty(report))
    } else if !quiet || !report.different.isEmpty || !report.unchecked.isEmpty {
      Standard.output.write(text.description)
    }
    guard report.different.isEmpty else { throw Failure(.failed) }
    guard report.unchecked.isEmpty else { throw Failure(.unchecked) }
  }
}

/// An audit's report for people.
struct AuditText: CustomStringConvertible {
  /// Differences of a job and jobs without a finding that are shown; the JSON has them all.
  static let linesMax = 10
  let report: AuditReport

  init(_ report: AuditReport) { self.report = report }

  var description: String {
    var text = ""
    for job in report.different {
      text += "job \(job.job) differs from its repetition, job \(job.repetition):\n"
      text += lines(job.differences) {
        "\($0.figure) is recorded as \($0.recorded ?? "nothing") and came out as \($0.repeated ?? "nothing")"
      }
    }
    if !report.unchecked.isEmpty {
      text += "\(Format.count(report.unchecked.count, "repetition")) ended without a result:\n"
      text += lines(report.unchecked) { "job \($0.repetition) of job \($0.job) \($0.state.rawValue): \($0.reason)" }
    }
    return text + "\(summary)\n"
  }

  private var summary: String {
    let total = report.study.jobs
    if report.left > 0 {
      return "audit \(report.study.id): \(report.equal) the same, \(report.different.count) different, "
        + "\(report.unchecked.count) without a result, \(report.left) not done; "
        + "'pairnetctl audit --of \(report.study.id)' waits for them"
    }
    if report.equal == total { return "\(Format.count(total, "job")) trained again: the same to the last bit" }
    return "\(Format.count(total, "job")) trained again: \(report.equal) the same to the last bit, "
      + "\(report.different.count) different, \(report.unchecked.count) without a result"
  }

  private func lines<Element>(_ elements: [Element], _ line: (Element) -> String) -> String {
    elements.prefix(Self.linesMax).map { "  \(Format.printable(line($0)))\n" }.joined()
      + (elements.count > Self.linesMax ? "  and \(elements.count - Self.linesMax) more\n" : "")
  }
}
