import ArgumentParser

/// The benchmarks that bench/run calls.
@main struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pairnet-bench", abstract: "Measure trainings against the machine's peak.",
    subcommands: [Jobs.self, Report.self], defaultSubcommand: Jobs.self)
}

/// What is trained on.
struct DataOptions: ParsableArguments {
  @Option(help: "Where the datasets lie.") var data = "/var/lib/pairnet/data"
  @Option(help: "The dataset.") var dataset = "synthetic"
}
