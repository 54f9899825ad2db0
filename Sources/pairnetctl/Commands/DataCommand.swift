import ArgumentParser
import PairAPI

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "List, look at and download datasets.",
    subcommands: [DataList.self, DataShow.self, DataFetch.self])
}

struct DataList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the datasets that the daemon knows.",
    discussion: """
      EXAMPLES:
        pairnetctl data list
      """)

  @OptionGroup var format: OutputOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func run() throws {
    let answer: DatasetsResponse = try connection.client.get(.datasets)
    var table = Table(columns: [.text("dataset"), .text("available"), .text("detail")])
    var csv = CSV(header: ["dataset", "available", "detail"])
    for dataset in answer.datasets {
      table.append([
        Table.Cell(dataset.name), Table.Cell(dataset.available ? "yes" : "no", dataset.available ? .good : .warning),
        Table.Cell(dataset.detail),
      ])
      csv.append([dataset.name, dataset.available ? "true" : "false", dataset.detail])
    }
    switch format.output {
    case .json: Standard.output.write(try JSON.pretty(answer))
    case .csv: Standard.output.write(csv.rendered())
    case .markdown: Standard.output.write(table.markdown())
    case .table: Report(table: table).write()
    }
  }
}
