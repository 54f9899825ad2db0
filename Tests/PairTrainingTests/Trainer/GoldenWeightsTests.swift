import Foundation
import PairCore
import PairNN
import PairTraining
import Testing

/// `Fixtures/weights.json`: for each numerics version the weights' SHA-256 of small jobs.
///
/// A change of bits fails here. If it is meant, raise `Trainer.numericsVersion` (results of released versions are kept
/// by it) and record the new table: `PAIRNET_RECORD_WEIGHTS=1 swift test --filter GoldenWeights`.
@Suite struct GoldenWeightsTests {
  static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/weights.json")

  @Test("The weights of small jobs are those recorded for this numerics version")
  func recorded() throws {
    var found: [String: String] = [:]
    for model in Model.allCases {
      for batchNorm in [false, true] {
        for dropout in [0, 0.2] {
          let spec = SmallJobs.spec(model, batchNorm: batchNorm, dropout: dropout)
          found["\(model.rawValue) \(batchNorm) \(dropout)"] = try SmallJobs.result(spec)?.weightsSHA256
        }
      }
    }
    let version = String(Trainer.numericsVersion)
    var tables =
      try (try? Data(contentsOf: Self.file)).map { try JSONDecoder().decode([String: [String: String]].self, from: $0) }
      ?? [:]
    if ProcessInfo.processInfo.environment["PAIRNET_RECORD_WEIGHTS"] != nil {
      tables[version] = found
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try encoder.encode(tables).write(to: Self.file)
    }
    #expect(tables[version] == found)
  }
}
