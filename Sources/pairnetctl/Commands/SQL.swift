import ArgumentParser
import Glibc
import PairAPI
import PairCore

struct SQL: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sql",
    abstract: "Ask the daemon's database one question in SQL.",
    discussion: """
      The statement can only read, is stopped after 10 s and cut after 10,000 rows.
      The view 'results' has a row for each job that succeeded, with everything
      about it; docs/schema.md explains the tables. '-' reads the statement from
      standard input.

      EXAMPLES:
        pairnetctl sql "SELECT model, avg(test_accuracy) FROM results GROUP BY 1"
        pairnetctl sql "SELECT state, reason, count(*) FROM jobs GROUP BY 1, 2"
        pairnetctl sql -o csv --rows 1000000 "SELECT * FROM results" > results.csv
        pairnetctl sql - < question.sql
      """)

  @Argument(help: ArgumentHelp("One SELECT statement of SQLite, or - for standard input.", valueName: "statement"))
  var statement: String

  @Option(help: ArgumentHelp("Cut the answer after so many rows, at most \(Limits.sqlRowsMax).", valueName: "count"))
  var rows = Limits.sqlRowsDefault

  @Option(
    help: ArgumentHelp(
      "Stop the statement after so long, at most \(Int(Limits.sqlSecondsMax)).", valueName: "seconds"))
  var limit = Limits.sqlSecondsDefault

  @Option(name: [.customShort("o"), .long], help: "table for people; csv (RFC 4180) and json for programs.")
  var output: QueryFormat = .table

  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    guard (1...Limits.sqlRowsMax).contains(rows) else {
      throw ValidationError("--rows: '\(rows)' is not allowed; give an integer from 1 to \(Limits.sqlRowsMax)")
    }
    guard limit > 0, limit <= Limits.sqlSecondsMax else {
      throw ValidationError("--limit: '\(limit)' is not allowed; give seconds in (0, \(Int(Limits.sqlSecondsMax))]")
    }
  }

  func run() throws {
    var client = connection.client
    // The daemon stops the statement by itself; its answer must not be given up before.
    client.timeout = max(client.timeout, .seconds(limit) + .seconds(20))
    let text = statement == "-" ? try Self.standardInput() : statement
    let answer: SQLResponse = try client.post(.sql, SQLRequest(text, rowsMax: rows, secondsMax: limit))
    switch output {
    case .json: Standard.output.write(try JSON.pretty(answer))
    case .csv: Standard.output.write(Self.csv(answer).rendered())
    case .table: Standard.output.write(Self.table(answer).aligned(styled: Terminal.output.color != .none, whole: true))
    }
    if let cut = answer.cut { note(cut + (answer.rows.count >= rows ? "; --rows shows more" : "")) }
  }

  static func csv(_ answer: SQLResponse) -> CSV {
    var csv = CSV(header: answer.columns)
    for row in answer.rows { csv.append(row.map(\.description)) }
    return csv
  }

  static func table(_ answer: SQLResponse) -> Table {
    var table = Table(
      columns: answer.columns.enumerated().map { index, title in
        let values = answer.rows.map { $0[index] }
        let isNumber = values.allSatisfy { if case .text = $0 { false } else { true } }
        return isNumber && !values.isEmpty ? .number(Format.printable(title)) : .text(Format.printable(title))
      })
    for row in answer.rows {
      table.append(row.map { $0 == .null ? Table.Cell("NULL", .dim) : Table.Cell($0.description) })
    }
    return table
  }

  private static func standardInput() throws(Failure) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Failure(.failed, "cannot read standard input: \(systemError())") }
      if count == 0 { break }
      bytes += buffer[..<count]
      guard bytes.count <= 1 << 20 else { throw Failure(.usage, "a statement has at most \(1 << 20) bytes") }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
