import Foundation
import PairCore
import PairTraining
import Testing

/// `Fixtures/golden.json`: five steps of each network in float64, by an implementation of its own; its keys `about` and
/// `formula` say how they came to be.
struct GoldenFile: Decodable {
  struct Summary: Decodable {
    var l2: Double
    var sum: Double
    var first: [Double]
  }
  struct TensorShape: Decodable {
    var name: String
    var shape: [Int]
  }
  struct Case: Decodable, CustomTestStringConvertible, Sendable {
    var model: Model
    var batchNorm: Bool
    var parameters: [TensorShape]
    var losses: [Double]
    var firstGradients: [String: Summary]
    var afterFiveSteps: [String: Summary]
    var runningStatistics: [String: Summary]
    var evaluationLogits: [[Double]]
    var parameterCount: Int

    enum CodingKeys: String, CodingKey {
      case model, parameters, losses
      case batchNorm = "batch_norm"
      case firstGradients = "first_gradients"
      case afterFiveSteps = "after_5_steps"
      case runningStatistics = "running_stats"
      case evaluationLogits = "eval_logits"
      case parameterCount = "parameter_count"
    }

    var testDescription: String { "\(model.rawValue)\(batchNorm ? " with batch norm" : "")" }
  }
  var salt: UInt64
  var mean: Double
  var std: Double
  var cases: [Case]

  static let shared: GoldenFile = {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/golden.json")
    do {
      return try JSONDecoder().decode(GoldenFile.self, from: Data(contentsOf: path))
    } catch {
      fatalError("\(path.path): \(error)")
    }
  }()

  /// The first value of element i of the k-th parameter, as the file's `formula` says.
  func initial(_ tensor: TensorShape, _ k: Int, _ i: Int) -> Double {
    var z = (salt << 48) &+ (UInt64(k) << 32) &+ UInt64(i) &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    z ^= z >> 31
    let u = Double(z >> 11) * 0x1p-53 * 2 - 1
    let isNorm = tensor.name.contains("bn")
    switch (isNorm, tensor.name.hasSuffix("weight")) {
    case (true, true): return 1 + 0.1 * u
    case (true, false): return 0.1 * u
    case (false, true): return u / Double(tensor.shape.dropFirst().reduce(1, *)).squareRoot()
    case (false, false): return 0.05 * u
    }
  }
}

extension GoldenFile.Summary {
  /// The largest deviation of `numbers` from the summary, relative to the root mean square of the numbers.
  ///
  /// The sum of n numbers may be off by √n times as much as one of them.
  func deviation(of numbers: [Float]) -> Double {
    let n = Double(numbers.count)
    let l2 = numbers.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    let sum = numbers.reduce(0) { $0 + Double($1) }
    // Gradients that are zero but for rounding are measured against 1e-3, a small gradient here.
    let scale = max(self.l2 / n.squareRoot(), 1e-3)
    return max(
      abs(l2 - self.l2) / n.squareRoot() / scale, abs(sum - self.sum) / n.squareRoot() / scale,
      zip(numbers, first).map { abs(Double($0) - $1) }.max().map { $0 / scale } ?? 0)
  }
}
