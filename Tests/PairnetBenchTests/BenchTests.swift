import Foundation
import PairCore
import Testing

@testable import pairnet_bench

@Suite("The benchmarks")
struct BenchTests {
  private func timing(_ framework: String, _ layout: String, _ seconds: Double) -> Timing {
    Timing(
      framework: framework, layout: layout, model: .baseNet, batchNorm: true, dropout: 0.5, seconds: seconds,
      evaluationSeconds: framework == Timing.ours ? seconds / 10 : nil,
      peakGFLOPS: framework == Timing.ours ? 100 : nil)
  }

  @Test("A row has our median, the rate over the peak, and the best layout of each framework")
  func row() throws {
    let ours = [0.5, 0.4, 9].map { timing(Timing.ours, "avx2", $0) }
    let torch = [("eager", 2.0), ("channels_last", 1.5), ("eager", 2.2), ("channels_last", 1.5)]
    let table = JobTable(ours + torch.map { timing("torch", $0, $1) } + [timing("jax", "jit", 3)])
    let row = try #require(table.rows.first)
    #expect(table.rows.count == 1)
    #expect(row.seconds == 0.5 && row.secondsMin == 0.4 && row.runs == 3)
    #expect(abs(row.rateOverPeak - 72.32544 / 0.5 / 100) < 1e-9 && abs(row.evaluationPercent - 10) < 1e-9)
    #expect(row.torchLayout == "channels_last" && row.torchSeconds == 1.5 && row.jaxSeconds == 3)
    #expect(
      table.text == """
        setting         seconds    min  runs  GFLOP  rate/peak  evaluation             PyTorch  ratio       JAX  ratio
        BaseNet BN 0.5    0.500  0.400     3   72.3       1.45     +10.0 %  1.50 channels_last   3.0x  3.00 jit   6.0x

        """)
  }

  @Test("Without frameworks there are no columns for them")
  func oursAlone() {
    let text = JobTable([timing(Timing.ours, "avx2", 1)]).text
    #expect(!text.contains("PyTorch") && !text.contains("ratio"))
  }

  @Test(
    "Numbers have exactly their decimals",
    arguments: [(1.25, 1, "1.3"), (0.049, 1, "0.0"), (-0.5, 2, "-0.50"), (1234.5678, 3, "1234.568"), (7, 0, "7")])
  func fixed(number: Double, decimals: Int, text: String) {
    #expect(number.fixed(decimals) == text)
  }

  @Test("The settings are those of bench/frameworks.py")
  func sameSettings() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let program = try String(contentsOf: root.appending(path: "bench/frameworks.py"), encoding: .utf8)
    let listed = program.matches(of: /\("(BaseNet\w*)", (True|False), ([0-9.]+)\),/).compactMap { match in
      Model(rawValue: String(match.1)).flatMap { model in
        Double(match.3).map { JobSetting(model: model, batchNorm: match.2 == "True", dropout: $0) }
      }
    }
    #expect(listed == JobSetting.all)
  }

  @Test("A smoke run prints every table and writes figures that add up")
  func smoke() throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "pairnet-bench-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let json = directory.appending(path: "figures.json")
    let process = Process()
    process.executableURL = Self.program
    process.arguments = ["report", "--smoke", "--json", json.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    for part in ["FMA peak of one core", "BaseNetWeightShareAux BN 0.2", "conv2", "threads", "80 jobs on 2 threads"] {
      #expect(output.contains(part), "\(part)")
    }
    let figures = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: json)) as? [String: Any])
    #expect((figures["jobs"] as? [Any])?.count == JobSetting.all.count)
    #expect((figures["report"] as? [String: Any])?["jobs"] as? Int == 80)
    #expect((figures["peak_gflops"] as? Double ?? 0) > 0)
  }

  /// The program beside the test bundle, which is the process itself or named on its command line.
  private static var program: URL? {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return ([own] + CommandLine.arguments)
      .map { URL(filePath: $0).deletingLastPathComponent().appending(path: "pairnet-bench") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }
}
