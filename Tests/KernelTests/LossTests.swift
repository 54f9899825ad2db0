import KernelAPI
import KernelsReference
import PairNN
import Testing

@Suite struct LossTests {
  @Test(
    "Softmax and cross-entropy agree with the reference, whatever the number of classes",
    arguments: InstructionSet.available, [1, 2, 10, 16, 17, 40])
  func reference(set: InstructionSet, classes: Int) {
    let (loss, gradient) = result(set.kernels, classes)
    let (expectedLoss, expectedGradient) = result(ReferenceKernels.self, classes)
    #expect(abs(loss - expectedLoss) < 1e-6 * max(1, expectedLoss))
    #expect(difference(gradient, expectedGradient) < 1e-6)
    let (baselineLoss, baselineGradient) = result(InstructionSet.baseline.kernels, classes)
    #expect(loss == baselineLoss && sameBits(gradient, baselineGradient))
  }

  private func result(_ kernels: any KernelSet.Type, _ classes: Int) -> (Double, [Float]) {
    var numbers = Numbers(classes)
    let rows = 9
    let stride = padded(classes) + 16
    let logits = numbers.floats(rows * stride).map { $0 * 20 }
    let labels = numbers.integers(rows, below: classes)
    var gradient = [Float](repeating: 0, count: rows * stride)
    var loss = 0.0
    for accumulate in [false, true] {
      kernels.softmaxCrossEntropy(
        rows: rows, classes: classes, logits: logits, stride: stride, labels: labels, scale: 0.25,
        gradient: &gradient, accumulate: accumulate, total: &loss)
    }
    return (loss, gradient)
  }

  @Test("A logit that is no number, or infinite, gives no finite loss", arguments: InstructionSet.available)
  func divergence(set: InstructionSet) {
    for bad in [Float.nan, -.nan, .infinity, Float(bitPattern: 0x7FC0_0001)] {
      var logits = [Float](repeating: 0.5, count: 16)
      logits[3] = bad
      var loss = 0.0
      set.kernels.softmaxCrossEntropy(
        rows: 1, classes: 10, logits: logits, stride: 16, labels: [1], scale: 1, gradient: nil, accumulate: false,
        total: &loss)
      #expect(!loss.isFinite, "\(bad)")
    }
  }

  @Test("No gradient of a confident prediction is subnormal", arguments: InstructionSet.available)
  func subnormals(set: InstructionSet) {
    for distance in stride(from: Float(0), through: 200, by: 0.5) {
      let logits = [0, -distance] + [Float](repeating: 0, count: 14)
      var gradient = [Float](repeating: 0, count: 16)
      var loss = 0.0
      set.kernels.softmaxCrossEntropy(
        rows: 1, classes: 2, logits: logits, stride: 16, labels: [0], scale: 1 / 1024, gradient: &gradient,
        accumulate: false, total: &loss)
      #expect(gradient.allSatisfy { !$0.isSubnormal }, "\(distance)")
    }
  }

  @Test("The first of equal logits is the prediction", arguments: InstructionSet.available)
  func ties(set: InstructionSet) {
    let logits = [Float](repeating: 1, count: 32)
    #expect(set.kernels.errorCount(rows: 2, classes: 10, logits: logits, stride: 16, labels: [0, 1]) == 1)
  }
}
