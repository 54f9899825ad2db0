import Foundation
import PairCore
import PairStore

/// A state directory of its own for one test, gone with the last reference to it.
package final class TemporaryDirectory: Sendable {
  package let path: String

  package init() throws {
    path = FileManager.default.temporaryDirectory.path + "/pairnet-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  package var databasePath: String { "\(path)/pairnet.db" }

  /// Opens the directory's store, as a daemon would.
  package func open(numericsVersion: Int = 1) throws -> Store {
    try Store(in: StateDirectory(locking: path), provenance: .test(numericsVersion: numericsVersion))
  }
}

extension Provenance {
  package static func test(numericsVersion: Int = 1) -> Provenance {
    Provenance(numericsVersion: numericsVersion, instructionSet: "baseline", programVersion: "0.0.0", host: "testhost")
  }
}

extension Store {
  /// Submits specs whose datasets all have the same made-up digest.
  @discardableResult
  package func submit(test specs: [JobSpec], named name: String? = nil) throws(StoreError) -> Submission {
    try submit(specs, named: name, datasetDigests: testDigests(of: specs))
  }

  /// Claims and finishes the oldest queued job.
  @discardableResult
  package func run(by worker: Int = 1, testAccuracy: Double = 0.5) throws -> ClaimedJob? {
    guard let job = try claim(by: worker) else { return nil }
    try append((1...job.spec.epochs).map { EpochMetrics(test: $0) }, to: job.attempt)
    try finish(job.attempt, with: .succeeded(JobResult(testAccuracy: testAccuracy)), after: .milliseconds(1500))
    return job
  }
}

package func testDigests(of specs: [JobSpec]) -> [String: String] {
  Dictionary(specs.map { ($0.dataset, String(repeating: "da", count: 32)) }) { first, _ in first }
}

/// One spec a seed, of so many epochs.
package func specs(
  seeds: ClosedRange<Int64>, epochs: Int64 = 2, _ values: [String: ParameterValue] = [:]
) throws -> [JobSpec] {
  try seeds.map { seed in
    try JobSpec(validating: values.merging(["seed": .integer(seed), "epochs": .integer(epochs)]) { given, _ in given })
  }
}

extension EpochMetrics {
  /// Metrics that say which epoch they are of.
  package init(test epoch: Int) {
    self.init(epoch: epoch, trainLoss: 1 / Double(epoch), testAccuracy: 1 - 1 / Double(epoch + 1))
  }
}

extension JobResult {
  package init(testAccuracy: Double) {
    self.init(
      trainAccuracy: 0.75, testAccuracy: testAccuracy, trainLoss: 0.25, testLoss: 0.5, trainErrors: 250,
      testErrors: Int(1000 * (1 - testAccuracy)), weightsSHA256: String(repeating: "0123456789abcdef", count: 4))
  }
}
