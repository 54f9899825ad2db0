import ArgumentParser
import PairCore
import PairNN
import PairTraining

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Everything that docs/performance.md shows.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure peak, kernels, jobs, scaling and the report's 80 jobs; print tables and write JSON.")

  @OptionGroup var options: DataOptions
  @Flag(help: "Fewer repetitions.") var quick = false
  @Flag(help: "As little as possible: shows that it works, the figures mean nothing.") var smoke = false
  @Option(
    help: ArgumentHelp(
      "Jobs' seconds from these files of JSON lines ('jobs --lines', bench/frameworks.py) instead of measuring them.",
      valueName: "files"))
  var measured: [String] = []
  @Option(help: ArgumentHelp("Write the figures to this file.", valueName: "file")) var json: String?

  func run() throws {
    _ = try InstructionSet.chosen()
    let effort = smoke ? Effort.smoke : quick ? .quick : .full
    let timer = try JobTimer(data: options.data, dataset: options.dataset, effort: effort)
    let machine = Machine()
    print("pairnet \(pairnetVersion), numerics \(Trainer.numericsVersion): \(machine.text)")

    var timings: [Timing] = []
    for file in measured { timings += try read(file) }
    if !timings.contains(where: { $0.framework == Timing.ours }) {
      try timer.timeAll(JobSetting.all) { timings.append($0) }
    }
    let peaks = timings.compactMap(\.peakGFLOPS)
    guard !peaks.isEmpty else { throw ValidationError("--measured: no training of ours with its peak in the files") }
    print(
      "FMA peak of one core: \(peaks.median.fixed(1)) GFLOP/s (median of \(peaks.count), best \(peaks.max()!.fixed(1)))"
    )

    let jobs = JobTable(timings)
    print("\n\(JobTable.heading)")
    print(jobs.text, terminator: "")

    var kernels: [KernelTable] = []
    for setting in [JobSetting.all.first!, JobSetting.all.last!] {
      kernels.append(KernelTable(setting, for: effort.profile, peakGFLOPS: multiplyAddPeak(rounds: effort.peakRounds)))
      print("\n\(kernels.last!.text)", terminator: "")
    }

    let scaling = try ManyCores.scaling(timer)
    print("\nscaling of \(JobSetting.all.last!.name), with evaluation after each epoch")
    var table = TextTable([
      "threads", "jobs", "jobs a second", "times one thread", "wall s", "CPU s", "of the cores' time",
    ])
    func append(_ run: ManyCores) {
      table.append([
        String(run.threads), String(run.jobs), run.jobsPerSecond.fixed(2),
        (run.jobsPerSecond / scaling[0].jobsPerSecond).fixed(2), run.wallSeconds.fixed(1), run.cpuSeconds.fixed(1),
        "\((100 * run.utilisation).fixed(0)) %",
      ])
    }
    for run in scaling { append(run) }
    print(table.text, terminator: "")

    let eighty = try ManyCores.report(timer)
    print(
      "\nthe report's \(eighty.jobs) jobs on \(eighty.threads) threads, with evaluation after each epoch: ",
      terminator: "")
    print(
      "\(eighty.wallSeconds.fixed(1)) s wall, \(eighty.cpuSeconds.fixed(1)) s CPU "
        + "(\((100 * eighty.utilisation).fixed(0)) % of the cores' time)")

    guard let json else { return }
    let figures = Figures(
      machine: machine, peakGFLOPS: peaks.median, jobs: jobs.rows, timings: timings,
      kernels: kernels.map { .init(setting: $0.setting.name, stepMicroseconds: $0.stepMicroseconds, rows: $0.rows) },
      scaling: scaling, report: eighty)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(figures).write(to: URL(filePath: json))
    print("\nfigures: \(json)")
  }

  private func read(_ file: String) throws -> [Timing] {
    let text = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
    return try text.split(separator: "\n").map { try JSONDecoder().decode(Timing.self, from: Data($0.utf8)) }
  }
}

/// What a run found, as JSON.
struct Figures: Encodable {
  struct Kernels: Encodable {
    var setting: String
    var stepMicroseconds: Double
    var rows: [KernelTable.Row]

    enum CodingKeys: String, CodingKey {
      case setting, rows
      case stepMicroseconds = "step_microseconds"
    }
  }

  var machine: Machine
  var peakGFLOPS: Double
  var jobs: [JobTable.Row]
  /// Every training by itself.
  var timings: [Timing]
  var kernels: [Kernels]
  var scaling: [ManyCores]
  /// The 80 jobs.
  var report: ManyCores

  enum CodingKeys: String, CodingKey {
    case machine, jobs, timings, kernels, scaling, report
    case peakGFLOPS = "peak_gflops"
  }
}
