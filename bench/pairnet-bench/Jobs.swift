import ArgumentParser
import PairCore
import PairNN
import PairTraining

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Seconds of one core that a job takes, and where they go.
struct Jobs: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Measure a job's seconds of one core.")

  @OptionGroup var options: DataOptions
  @Option(help: "Trainings a setting.") var repeats = 5
  @Option(help: "Epochs a training; seconds are those of 30.") var epochs = JobSetting.Size.epochs
  @Option(help: "Only settings whose name contains this.") var only = ""
  @Flag(help: "Show where the time goes, kernel by kernel.") var profile = false
  @Flag(help: "Print a line of JSON a training instead of a table.") var lines = false

  func validate() throws {
    guard repeats > 0, epochs > 0 else { throw ValidationError("--repeats and --epochs: give at least 1") }
  }

  func run() throws {
    _ = try InstructionSet.chosen()
    let timer = try JobTimer(
      data: options.data, dataset: options.dataset, effort: Effort(repeats: repeats, epochs: epochs))
    let settings = JobSetting.all.filter { $0.name.contains(only) }
    guard !lines else {
      try timer.timeAll(settings) { timing in
        print(String(decoding: try JSONEncoder().encode(timing), as: UTF8.self))
      }
      return
    }
    var timings: [Timing] = []
    try timer.timeAll(settings) { timings.append($0) }
    print(JobTable.heading)
    print(JobTable(timings).text, terminator: "")
    guard profile else { return }
    let peak = timings.compactMap(\.peakGFLOPS).median
    for setting in settings {
      print()
      print(KernelTable(setting, for: .seconds(1), peakGFLOPS: peak).text, terminator: "")
    }
  }
}
