import PairCore

/// A table with the remarks below it.
struct Report: Hashable {
  var table: Table
  var remarks: [String] = []

  /// Prints it for people on standard output.
  func write() {
    let terminal = Terminal.output
    let styled = terminal.color != .none
    var text = table.aligned(styled: styled)
    for remark in remarks { text += (styled ? Style.dim.applied(to: remark) : remark) + "\n" }
    Standard.output.write(terminal.spelled(text))
  }

  /// Prints it as Markdown, the remarks as paragraphs.
  func writeMarkdown() {
    Standard.output.write(table.markdown() + remarks.map { "\n\($0)\n" }.joined())
  }

  /// Prints it as LaTeX.
  func writeLaTeX() { Standard.output.write(table.latex(remarks: remarks)) }
}

/// Jobs as tables.
enum JobReport {
  /// Where each job stands.
  static func states(_ jobs: [JobRecord]) -> Report {
    let parameters = ParameterColumns(of: jobs.map(\.spec.values))
    let hasPriorities = jobs.contains { $0.priority != .normal }
    var table = Table(
      columns: [.number("job"), .number("study"), .text("state")] + (hasPriorities ? [.text("priority")] : [])
        + parameters.columns + [
          .number("epoch"), .number("test_accuracy %"), .number("seconds"), .text("reason"),
        ])
    for job in jobs {
      table.append(
        [
          Table.Cell(String(job.id)), Table.Cell(String(job.study)),
          Table.Cell(job.state.rawValue, Style(of: job.state)),
        ] + (hasPriorities ? [Table.Cell(job.priority.rawValue)] : []) + parameters.cells(job.spec.values) + [
          Table.Cell(job.epochsDone > 0 || job.state == .running ? "\(job.epochsDone)/\(job.spec.epochs)" : ""),
          Table.Cell(job.result.map { Format.percent($0.testAccuracy) } ?? ""),
          Table.Cell(job.durationSeconds.map { Format.fixed($0, decimals: 2) } ?? ""),
          Table.Cell(job.reason ?? ""),
        ])
    }
    return Report(table: table, remarks: parameters.constants.map { ["in every row: \($0)"] } ?? [])
  }

  /// What each job that succeeded measured.
  static func results(_ jobs: [JobRecord]) -> Report {
    let parameters = ParameterColumns(of: jobs.map(\.spec.values))
    var table = Table(
      columns: [.number("job")] + parameters.columns + [
        .number("test_accuracy %"), .number("train_accuracy %"), .number("test_loss"), .number("digit1 %"),
        .number("digit2 %"), .number("seconds"),
      ])
    for job in jobs {
      guard let result = job.result else { continue }
      table.append(
        [Table.Cell(String(job.id))] + parameters.cells(job.spec.values) + [
          Table.Cell(Format.percent(result.testAccuracy)), Table.Cell(Format.percent(result.trainAccuracy)),
          Table.Cell(Format.fixed(result.testLoss, decimals: 4)),
          Table.Cell(result.digit1Accuracy.map { Format.percent($0) } ?? ""),
          Table.Cell(result.digit2Accuracy.map { Format.percent($0) } ?? ""),
          Table.Cell(job.durationSeconds.map { Format.fixed($0, decimals: 2) } ?? ""),
        ])
    }
    return Report(table: table, remarks: parameters.constants.map { ["in every row: \($0)"] } ?? [])
  }

  /// Everything about each job, numbers in full.
  static func csv(_ jobs: [JobRecord]) -> CSV {
    var csv = CSV(
      header: ["job", "study", "state"] + Parameter.all.map(\.key) + [
        "attempts", "epochs_done", "test_accuracy", "train_accuracy", "test_loss", "train_loss", "test_errors",
        "train_errors", "digit1_accuracy", "digit2_accuracy", "weights_sha256", "submitted_at", "started_at",
        "finished_at", "duration_seconds", "spec_digest", "priority", "crashes", "reason",
      ])
    for job in jobs {
      let values = job.spec.values
      let result = job.result
      csv.append(
        [String(job.id), String(job.study), job.state.rawValue]
          + Parameter.all.map { values[$0.key]?.description ?? "" } + [
            String(job.attempts), String(job.epochsDone), CSV.number(result?.testAccuracy),
            CSV.number(result?.trainAccuracy), CSV.number(result?.testLoss), CSV.number(result?.trainLoss),
            CSV.number(result?.testErrors), CSV.number(result?.trainErrors), CSV.number(result?.digit1Accuracy),
            CSV.number(result?.digit2Accuracy), result?.weightsSHA256 ?? "", job.submittedAt, job.startedAt ?? "",
            job.finishedAt ?? "", CSV.number(job.durationSeconds), job.specDigest, job.priority.rawValue,
            String(job.crashes), job.reason ?? "",
          ])
    }
    return csv
  }
}
