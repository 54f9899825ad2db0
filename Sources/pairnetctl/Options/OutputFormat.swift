import ArgumentParser

/// How a command writes what it found.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case table, csv, json, markdown
}

struct OutputOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .long],
    help: "table for people; csv (RFC 4180), json (as the API answers) and markdown for programs and papers.")
  var output: OutputFormat = .table
}
