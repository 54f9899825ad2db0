import ArgumentParser
import PairPlots

/// How a plot is shown.
struct PlotOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .long], help: ArgumentHelp("Write an SVG file instead.", valueName: "file.svg"),
    completion: .file())
  var output: String?

  @Option(help: ArgumentHelp("Columns to draw in. (default: the terminal's)", valueName: "columns"))
  var width: Int?

  func validate() throws {
    if let output, !output.lowercased().hasSuffix(".svg") {
      throw ValidationError("--output: '\(output)' is not allowed; give a file whose name ends in .svg")
    }
    if let width, !(40...1_000).contains(width) {
      throw ValidationError("--width: '\(width)' is not allowed; give an integer from 40 to 1000")
    }
  }

  func show(_ plot: some Plot) throws(Failure) {
    if let output {
      try OutputFile.write(plot.svg(), to: output)
      return note("wrote \(output)")
    }
    let terminal = Terminal.output
    let style = TerminalStyle(
      width: width ?? terminal.columns, characters: terminal.showsUnicode ? .unicode : .ascii,
      colour: terminal.color != .none)
    Standard.output.write(terminal.spelled(plot.terminal(style)) + "\n")
  }
}
