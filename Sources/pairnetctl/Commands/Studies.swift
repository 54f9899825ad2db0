import ArgumentParser
import PairAPI
import PairCore

struct Studies: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List studies: what was submitted together.",
    discussion: """
      EXAMPLES:
        pairnetctl studies
        pairnetctl studies -o json | jq '.studies[-1].id'
      """)

  @OptionGroup var format: OutputOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func run() throws {
    let studies = try connection.client.studies()
    switch format.output {
    case .json: Standard.output.write(try JSON.pretty(StudiesResponse(studies: studies)))
    case .csv: Standard.output.write(StudyReport.csv(studies).rendered())
    case .markdown: Standard.output.write(StudyReport.table(studies).markdown())
    case .table:
      if studies.isEmpty { return note("no studies; 'pairnetctl submit grid --help' shows how to make one") }
      Report(table: StudyReport.table(studies)).write()
    }
  }
}

enum StudyReport {
  static func table(_ studies: [StudyRecord]) -> Table {
    let asked: [(title: String, text: (StudyRecord) -> String)] = [
      ("labels", { $0.labels.joined(separator: ", ") }),
      ("after", { $0.after.map { String($0) }.joined(separator: ", ") }),
      ("workers", { $0.workersMax.map { "at most \($0)" } ?? "" }),
      ("time limit", { $0.timeLimitSeconds.map { "\(TimeSpan(seconds: $0))" } ?? "" }),
    ].filter { column in studies.contains { !column.1($0).isEmpty } }
    var table = Table(
      columns: [.number("study"), .text("name"), .number("jobs")] + JobState.allCases.map { .number($0.rawValue) }
        + [.text("submitted")] + asked.map { .text($0.title) })
    for study in studies {
      table.append(
        [Table.Cell(String(study.id)), Table.Cell(study.name), Table.Cell(String(study.jobs))]
          + JobState.allCases.map { state in
            let count = study.count(state)
            return count == 0 ? Table.Cell("") : Table.Cell(String(count), Style(of: state))
          } + [Table.Cell(study.submittedAt)] + asked.map { Table.Cell($0.text(study)) })
    }
    return table
  }

  static func csv(_ studies: [StudyRecord]) -> CSV {
    var csv = CSV(
      header: ["study", "name", "jobs"] + JobState.allCases.map(\.rawValue) + [
        "submitted_at", "labels", "after", "workers_max", "time_limit_seconds",
      ])
    for study in studies {
      csv.append(
        [String(study.id), study.name, String(study.jobs)] + JobState.allCases.map { String(study.count($0)) } + [
          study.submittedAt, study.labels.joined(separator: ","),
          study.after.map { String($0) }.joined(separator: " "), CSV.number(study.workersMax),
          CSV.number(study.timeLimitSeconds),
        ])
    }
    return csv
  }
}
