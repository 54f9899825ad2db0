import Foundation
import KernelAPI
import PairCore
import PairNN
import PairTraining
import Testing

/// The engine against an independent float64 implementation.
///
/// Tolerances: float32 rounds to 6e-8. A sum over a batch's gradients passes through chains of up to 25 · 36 terms and
/// four layers, so single numbers are off by some 1e-5 of their tensor's root mean square, and after five steps with
/// batch norm, which divides by small deviations, by a little more. A wrong formula, momentum or order is off by 1e-2
/// or more.
@Suite struct GoldenTests {
  static let lossTolerance = 5e-6
  static let gradientTolerance = 2e-4
  static let stateTolerance = 2e-4
  static let logitTolerance = 5e-5

  @Test(
    "Five steps agree with the float64 reference", .enabled(if: MNISTFiles.areThere, MNISTFiles.skipped),
    arguments: GoldenFile.shared.cases)
  func agreement(golden: GoldenFile.Case) throws {
    let pairs = try MNISTFiles.firstPairs()
    #expect(abs(pairs.mean - GoldenFile.shared.mean) < 1e-9)
    #expect(abs(pairs.standardDeviation - GoldenFile.shared.std) < 1e-9)
    let train = PreparedPairs(pairs.train, for: golden.model)
    let test = PreparedPairs(pairs.test, for: golden.model)

    let network = makeNetwork(golden)
    let gradients = Buffer<Float>(count: network.parameters.values.count)
    let zeros = Buffer<Float>(count: network.parameters.values.count)
    let first = makeNetwork(golden)
    _ = first.descend(on: train, batch: batch(0), step: 0, by: .gradients(zeros: zeros, into: gradients))
    for tensor in network.parameters.tensors where tensor.role == .parameter {
      let numbers = (0..<tensor.count).map { gradients[tensor.place(of: $0)] }
      let deviation = try #require(golden.firstGradients[tensor.name]).deviation(of: numbers)
      #expect(deviation < Self.gradientTolerance, "gradient of \(tensor.name)")
    }

    for (step, expected) in golden.losses.enumerated() {
      let loss = network.train(on: train, batch: batch(step), step: UInt32(step), learningRate: 0.1)
      #expect(abs(loss - expected) < Self.lossTolerance * max(1, expected), "loss of step \(step + 1)")
    }
    for tensor in network.parameters.tensors {
      let expected = tensor.role == .parameter ? golden.afterFiveSteps : golden.runningStatistics
      let deviation = try #require(expected[tensor.name]).deviation(of: network.parameters.canonical(tensor))
      #expect(deviation < Self.stateTolerance, "\(tensor.name) after five steps")
    }

    var evaluation = Evaluation()
    network.evaluate(on: test, 0..<golden.evaluationLogits.count, into: &evaluation)
    for (row, expected) in golden.evaluationLogits.enumerated() {
      for (logit, expected) in zip(network.targetLogits(row: row), expected) {
        #expect(abs(Double(logit) - expected) < Self.logitTolerance, "logits of test pair \(row)")
      }
    }
  }

  @Test("Parameters have the canonical names, shapes and count", arguments: GoldenFile.shared.cases)
  func names(golden: GoldenFile.Case) {
    let network = makeNetwork(golden)
    let parameters = network.parameters.tensors.filter { $0.role == .parameter }
    #expect(parameters.map(\.name) == golden.parameters.map(\.name))
    #expect(parameters.map(\.shape) == golden.parameters.map(\.shape))
    #expect(network.parameters.parameterCount == golden.parameterCount)
    let statistics = network.parameters.tensors.filter { $0.role == .runningStatistic }.map(\.name)
    #expect(Set(statistics) == Set(golden.runningStatistics.keys))
  }

  private func batch(_ step: Int) -> ArraySlice<Int32> { (Int32(25 * step)..<Int32(25 * step + 25)).map { $0 }[...] }

  private func makeNetwork(_ golden: GoldenFile.Case) -> Network {
    let network = Network(model: golden.model, batchNorm: golden.batchNorm, dropout: 0, seed: 0, capacity: 25)
    for tensor in network.parameters.tensors where tensor.role == .runningStatistic {
      network.parameters.load(
        [Float](repeating: tensor.name.hasSuffix("var") ? 1 : 0, count: tensor.count), into: tensor)
    }
    for (k, shape) in golden.parameters.enumerated() {
      guard let tensor = network.parameters.tensors.first(where: { $0.name == shape.name }) else { continue }
      network.parameters.load(
        (0..<tensor.count).map { Float(GoldenFile.shared.initial(shape, k, $0)) }, into: tensor)
    }
    network.prepare()
    return network
  }
}

extension MNISTFiles {
  /// Pair i of each split is its images 2i and 2i + 1.
  static func firstPairs() throws -> PairData {
    try PairData(dataset: dataset(), train: Array(0..<2000), test: Array(0..<200))
  }
}
