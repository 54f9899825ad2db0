import PairAPI
import PairCore
import Testing

@testable import pairnetctl

@Suite("Reports")
struct ReportTests {
  private static let by = Parameter.all.map(\.key).filter { $0 != "seed" }

  private func row(
    _ values: [String: ParameterValue], n: Int, _ figures: [Double?], others: [String: Int] = [:]
  ) throws -> AggregateRow {
    var group = try JobSpec(validating: values).values
    group["seed"] = nil
    return AggregateRow(
      group: group, n: n, mean: figures[0], standardDeviation: figures[1], intervalLow: figures[2],
      intervalHigh: figures[3], min: figures[4], max: figures[5], others: others, jobs: (0..<n).map { Int64($0 + 1) })
  }

  private func report(metric: String = "test_accuracy") throws -> AggregateReport {
    AggregateReport(
      AggregateResponse(
        metric: metric, by: Self.by,
        rows: [
          try row(
            ["batch_norm": .flag(true), "dropout": .number(0.5)], n: 3,
            [0.8304, 0.012, 0.8006, 0.8602, 0.8194, 0.8431]),
          try row(
            ["model": .text("BaseNetAux"), "batch_norm": .flag(true)], n: 1, [0.923, nil, nil, nil, 0.923, 0.923],
            others: ["queued": 1, "failed": 1]),
          try row(
            ["model": .text("BaseNetWeightShare")], n: 0, [nil, nil, nil, nil, nil, nil], others: ["diverged": 3]),
        ]))
  }

  @Test("Means read as in Table I, and what is not in them is named")
  func aggregate() throws {
    let report = try report().report()
    #expect(
      report.table.aligned(styled: false) == """
        model               batch_norm  dropout   n  test_accuracy %  95 % interval   min   max  not in the figures
        BaseNet             yes             0.5  3        83.0 ± 1.2    80.1 … 86.0  81.9  84.3
        BaseNetAux          yes               0  1*         92.3 ± –              –  92.3  92.3  1 queued, 1 failed
        BaseNetWeightShare  no                0  0*                –              –     –     –  3 diverged

        """)
    #expect(
      report.remarks == [
        "in every row: dataset mnist, train_pairs 1000, test_pairs 1000, evaluate_on test, epochs 30, batch_size 25, "
          + "learning_rate 0.1, shuffle no",
        "* n differs between the rows, from 0 to 3: compare them with care",
      ])
  }

  @Test("Unequal n and jobs that are not in the figures are said aloud")
  func warnings() throws {
    #expect(
      try report().warnings == [
        "n differs between the rows, from 0 to 3: compare them with care",
        "5 jobs not in the figures: 1 queued, 1 failed, 3 diverged",
      ])
  }

  @Test("CSV has every key grouped by, full precision, a column for each state, and the jobs")
  func csv() throws {
    let lines = try report().csv().rendered().split(separator: "\r\n")
    #expect(
      lines[0]
        == "model,batch_norm,dropout,dataset,train_pairs,test_pairs,evaluate_on,epochs,batch_size,learning_rate,shuffle,"
        + "metric,n,mean,standard_deviation,interval_low,interval_high,min,max,"
        + "queued,running,paused,failed,diverged,cancelled,repeated,without_metric,jobs")
    #expect(
      lines[1]
        == "BaseNet,true,0.5,mnist,1000,1000,test,30,25,0.1,false,test_accuracy,3,0.8304,0.012,0.8006,0.8602,0.8194,0.8431,"
        + "0,0,0,0,0,0,0,0,1 2 3")
    #expect(lines[3].hasSuffix("test_accuracy,0,,,,,,,0,0,0,0,3,0,0,0,"))
  }

  @Test("What repeats a job in the figures is no warning; what keeps rows apart is a column")
  func repeatedAndProvenance() throws {
    let digest = String(repeating: "ab", count: 32)
    let rows = [1, 2].map { version in
      AggregateRow(
        group: ["model": .text("BaseNet"), "dataset_digest": .text(digest), "numerics_version": .integer(version)],
        n: 2, mean: 0.5, standardDeviation: 0, intervalLow: 0.5, intervalHigh: 0.5, min: 0.5, max: 0.5,
        others: ["repeated": 2, "succeeded": Int(version) - 1], jobs: [1, 2])
    }
    let by = ["model", "dataset_digest", "numerics_version"]
    let report = AggregateReport(AggregateResponse(metric: "digit1_accuracy", by: by, rows: rows))
    #expect(
      report.report().table.aligned(styled: false) == """
        model    dataset_digest  numerics_version  n  digit1_accuracy %  95 % interval   min   max  not in the figures
        BaseNet  abababababab    1                 2         50.0 ± 0.0    50.0 … 50.0  50.0  50.0  2 repeated
        BaseNet  abababababab    2                 2         50.0 ± 0.0    50.0 … 50.0  50.0  50.0  1 without this metric, 2 repeated

        """)
    #expect(report.warnings == ["1 job not in the figures: 1 without this metric"])
  }

  @Test("A loss is not a percentage")
  func loss() throws {
    let text = try report(metric: "test_loss").report().table.aligned(styled: false)
    #expect(text.contains("test_loss  ") && text.contains("0.8304 ± 0.0120"))
  }

  @Test("Columns are those that people compare by and whatever differs; the rest is said once")
  func parameterColumns() throws {
    let one = try JobSpec().values
    let two = try JobSpec(validating: ["epochs": .integer(5)]).values
    #expect(ParameterColumns(of: [one, one]).shown.map(\.key) == ["model", "batch_norm", "dropout", "seed"])
    let columns = ParameterColumns(of: [one, two])
    #expect(columns.shown.map(\.key) == ["model", "batch_norm", "dropout", "epochs", "seed"])
    #expect(columns.constants?.contains("epochs") == false)
    #expect(columns.cells(two).map(\.text) == ["BaseNet", "no", "0", "5", "1"])
  }

  @Test("JSON has sorted keys and ends with a newline")
  func json() throws {
    let text = try JSON.pretty(ControlResponse(jobs: [3, 1]))
    #expect(text == "{\n  \"jobs\" : [\n    3,\n    1\n  ]\n}\n")
  }
}

@Suite("Drawn pairs")
struct PairDrawingTests {
  private func drawing(columns: Int = 80, _ variables: [String: String] = [:]) -> PairDrawing {
    PairDrawing(terminal: Terminal(isTerminal: !variables.isEmpty, columns: columns) { variables[$0] })
  }

  private var pair: PairsResponse.Pair {
    var image = [UInt8](repeating: 0, count: 196)
    image[0] = 255
    image[14] = 128
    return PairsResponse.Pair(images: [image, image], digits: [7, 3], target: 0)
  }

  @Test("Without colours, pixels are two characters wide and captions say digits and target")
  func ascii() {
    let lines = drawing().text([pair]).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 14 + 2)
    #expect(lines[0] == "@@\(String(repeating: " ", count: 27))@@")
    #expect(lines[1] == "++\(String(repeating: " ", count: 27))++")
    #expect(lines[14] == "7 > 3: target 0")
  }

  @Test("With colours, a cell shows two pixels as a half block")
  func blocks() {
    let variables = ["TERM": "xterm", "LANG": "C.UTF-8", "COLORTERM": "truecolor"]
    let lines = drawing(variables).text([pair]).split(separator: "\n")
    #expect(lines.count == 7 + 1)
    #expect(lines[0].hasPrefix("\u{1B}[38;2;255;255;255;48;2;128;128;128m▀"))
  }

  @Test("The 256 colours run from black through the greys to white")
  func palette() {
    let drawing = drawing(["TERM": "xterm", "LANG": "C.UTF-8"])
    let codes = (0...255).map { drawing.grey(UInt8($0), code: 38) }
    #expect(codes.first == "38;5;16" && codes[8] == "38;5;232" && codes.last == "38;5;231")
    #expect(Set(codes).count == 26)
  }

  @Test("As many pairs stand side by side as fit", arguments: [(80, 1), (120, 2), (10, 1)])
  func columns(columns: Int, perRow: Int) {
    let text = drawing(columns: columns).text([pair, pair])
    #expect(text.count { $0 == "\n" } == (perRow == 2 ? 15 : 31))
  }

  @Test("An answer of another size is not drawn")
  func size() {
    #expect(PairDrawing.canDraw(pair))
    #expect(!PairDrawing.canDraw(PairsResponse.Pair(images: [[1], [2]], digits: [1, 2], target: 1)))
  }
}
