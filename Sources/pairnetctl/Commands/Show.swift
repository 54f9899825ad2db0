import ArgumentParser
import PairAPI
import PairCore

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a job: its parameters, result, epochs, what the result comes from, and why it waits.",
    discussion: """
      EXAMPLES:
        pairnetctl show 12
        pairnetctl show 12 -o json | jq -r .job.result.weights_sha256
        pairnetctl show 12 -o csv        # the epochs
      """)

  @Argument(help: ArgumentHelp("The job's number.", valueName: "job"))
  var id: Int64

  @OptionGroup var format: OutputOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func run() throws {
    let answer: JobResponse = try connection.client.get(.job(id))
    switch format.output {
    case .json: Standard.output.write(try JSON.pretty(answer))
    case .csv: Standard.output.write(EpochReport.csv(answer.epochs).rendered())
    case .markdown: Standard.output.write(EpochReport.table(answer.epochs).markdown())
    case .table:
      Fields(of: answer.job, answer.provenance, waiting: answer.waiting?.message).write()
      if !answer.epochs.isEmpty {
        Standard.output.write("\n")
        Report(table: EpochReport.table(answer.epochs)).write()
      }
    }
  }
}

/// What a training measured, epoch by epoch.
enum EpochReport {
  static func table(_ epochs: [EpochMetrics]) -> Table {
    var table = Table(columns: [
      .number("epoch"), .number("train_loss"), .number("test_accuracy %"), .number("digit1 %"), .number("digit2 %"),
    ])
    for epoch in epochs {
      table.append([
        Table.Cell(String(epoch.epoch)), Table.Cell(Format.fixed(epoch.trainLoss, decimals: 4)),
        Table.Cell(Format.percent(epoch.testAccuracy)),
        Table.Cell(epoch.digit1Accuracy.map { Format.percent($0) } ?? ""),
        Table.Cell(epoch.digit2Accuracy.map { Format.percent($0) } ?? ""),
      ])
    }
    return table
  }

  static func csv(_ epochs: [EpochMetrics]) -> CSV {
    var csv = CSV(header: ["epoch", "train_loss", "test_accuracy", "digit1_accuracy", "digit2_accuracy"])
    for epoch in epochs {
      csv.append([
        String(epoch.epoch), CSV.number(epoch.trainLoss), CSV.number(epoch.testAccuracy),
        CSV.number(epoch.digit1Accuracy), CSV.number(epoch.digit2Accuracy),
      ])
    }
    return csv
  }
}
