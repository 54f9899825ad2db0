import ArgumentParser

struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw results in the terminal, or as SVG files.",
    discussion: """
      EXAMPLES:
        pairnetctl plot curves --study tuning
        pairnetctl plot grid --rows model,batch_norm --columns dropout -o grid.svg
        pairnetctl plot box --where batch_norm=yes,dropout=0 --metric train_accuracy
      """,
    subcommands: [PlotCurves.self, PlotGrid.self, PlotBox.self])
}
