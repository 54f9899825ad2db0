import KernelAPI
import KernelsReference
import PairNN
import Testing

/// Whole Winograd tiles or not, one or several, thin or not, channels and images that fill their vectors and tiles or not:
/// one convolution's arguments and what a kernel set makes of them.
struct ConvCase: CustomTestStringConvertible, Sendable {
  var height, width, inputs: Int
  var isThin: Bool
  var outputs, images: Int
  /// Floats between images beyond their own.
  var gap = 0

  var testDescription: String {
    "\(images) x \(height)x\(width)x\(inputs)\(isThin ? " thin" : "") to \(outputs), gap \(gap), seed \(testSeed)"
  }

  var shape: ConvShape {
    let tight = ConvShape(height: height, width: width, inputChannels: inputs, isThin: isThin, outputChannels: outputs)
    return ConvShape(
      height: height, width: width, inputChannels: inputs, isThin: isThin, outputChannels: outputs,
      inputImageStride: tight.inputImageStride + gap, outputImageStride: tight.outputImageStride + gap)
  }

  static let all = [
    ConvCase(height: 14, width: 14, inputs: 1, isThin: true, outputs: 32, images: 3),
    ConvCase(height: 14, width: 14, inputs: 2, isThin: true, outputs: 32, images: 2),
    ConvCase(height: 6, width: 6, inputs: 32, isThin: false, outputs: 64, images: 7, gap: 16),
    ConvCase(height: 6, width: 6, inputs: 32, isThin: false, outputs: 64, images: 1),
    ConvCase(height: 4, width: 4, inputs: 1, isThin: true, outputs: 1, images: 1),
    ConvCase(height: 5, width: 7, inputs: 3, isThin: true, outputs: 5, images: 2, gap: 3),
    ConvCase(height: 9, width: 4, inputs: 2, isThin: true, outputs: 49, images: 3),
    ConvCase(height: 4, width: 4, inputs: 1, isThin: false, outputs: 1, images: 1),
    ConvCase(height: 7, width: 5, inputs: 17, isThin: false, outputs: 33, images: 4),
    ConvCase(height: 9, width: 12, inputs: 48, isThin: false, outputs: 20, images: 2, gap: 32),
    ConvCase(height: 6, width: 6, inputs: 64, isThin: false, outputs: 65, images: 6),
    ConvCase(height: 10, width: 6, inputs: 100, isThin: false, outputs: 16, images: 1),
    ConvCase(height: 22, width: 30, inputs: 3, isThin: true, outputs: 50, images: 2),
    ConvCase(height: 6, width: 10, inputs: 1, isThin: true, outputs: 5, images: 1),
    ConvCase(height: 6, width: 6, inputs: 3, isThin: false, outputs: 5, images: 13),
    ConvCase(height: 10, width: 14, inputs: 20, isThin: false, outputs: 40, images: 2, gap: 32),
  ]

  struct Arguments {
    var input, weights, bias, scale, shift, outputGradient: [Float]
    var winners: [Int32]
  }

  var arguments: Arguments {
    let shape = self.shape
    var numbers = Numbers(height * 1000 + inputs)
    // Lanes beyond the channels are zero, and so are their weights.
    var weights = [Float](repeating: 0, count: shape.weightCount)
    for k in 0..<outputs {
      for tap in 0..<9 {
        for c in 0..<inputs {
          weights[
            isThin
              ? (tap * inputs + c) * shape.outputPixelStride + k : (k * 9 + tap) * shape.inputPixelStride + c] =
            numbers.next()
        }
      }
    }
    func perChannel() -> [Float] { numbers.rows(1, outputs, stride: shape.outputPixelStride) }
    var input = [Float](repeating: 0, count: images * shape.inputImageStride)
    for image in 0..<images {
      let pixels =
        isThin ? numbers.floats(inputs * height * width) : numbers.rows(height * width, inputs, stride: padded(inputs))
      input.replaceSubrange(
        image * shape.inputImageStride..<image * shape.inputImageStride + pixels.count, with: pixels)
    }
    var outputGradient = [Float](repeating: 0, count: images * shape.outputImageStride)
    for image in 0..<images {
      let pixels = numbers.rows(
        shape.pooledHeight * shape.pooledWidth, outputs, stride: shape.outputPixelStride
      ).map { $0 < -0.2 ? 0 : $0 }
      outputGradient.replaceSubrange(
        image * shape.outputImageStride..<image * shape.outputImageStride + pixels.count, with: pixels)
    }
    return Arguments(
      input: input, weights: weights, bias: perChannel(), scale: perChannel(), shift: perChannel(),
      outputGradient: outputGradient, winners: numbers.integers(images * shape.outputImageStride, below: 4))
  }

  struct Results {
    var output, affine, weightGradient, inputGradient, updated: [Float]
    var winners: [Int32]
  }

  func results(_ kernels: any KernelSet.Type, _ a: Arguments) -> Results {
    let shape = self.shape
    var r = Results(
      output: .init(repeating: 0, count: a.outputGradient.count),
      affine: .init(repeating: 0, count: a.outputGradient.count),
      weightGradient: .init(repeating: .nan, count: a.weights.count),
      inputGradient: .init(repeating: 0, count: a.input.count), updated: .init(repeating: 0, count: a.weights.count),
      winners: .init(repeating: 0, count: a.winners.count))
    let packed = Buffer<Float>(count: kernels.convPackedCount(shape))
    let workspace = Buffer<Float>(count: kernels.convWorkspaceCount(shape, images: images))
    kernels.convPack(shape, weights: a.weights, packed: packed.start)
    kernels.convForward(
      shape, images: images, input: a.input, weights: a.weights, packed: packed.start, bias: a.bias, scale: nil,
      shift: nil, rectify: false, output: &r.output, winners: &r.winners, workspace: workspace.start)
    kernels.convForward(
      shape, images: images, input: a.input, weights: a.weights, packed: packed.start, bias: a.bias, scale: a.scale,
      shift: a.shift, rectify: true, output: &r.affine, winners: nil, workspace: workspace.start)
    kernels.convWeightGradient(
      shape, images: images, input: a.input, outputGradient: a.outputGradient, winners: a.winners,
      gradient: &r.weightGradient, workspace: workspace.start)
    if !isThin {
      kernels.convInputGradient(
        shape, images: images, weights: a.weights, packed: packed.start, outputGradient: a.outputGradient,
        winners: a.winners, inputGradient: &r.inputGradient, workspace: workspace.start)
    }
    kernels.convUpdate(
      shape, base: a.weights, gradient: r.weightGradient, factor: -0.1, weights: &r.updated, packed: packed.start)
    return r
  }
}

@Suite struct ConvTests {
  @Test("Convolution agrees with the reference", arguments: InstructionSet.available, ConvCase.all)
  func reference(set: InstructionSet, test: ConvCase) {
    let arguments = test.arguments
    let found = test.results(set.kernels, arguments)
    let expected = test.results(ReferenceKernels.self, arguments)
    // Sums of 9 · C products of numbers in ±1; Winograd's transforms cost a digit.
    let scale = Float(9 * test.inputs).squareRoot()
    #expect(difference(found.output, expected.output, scale: scale) < 2e-6)
    #expect(difference(found.affine, expected.affine, scale: scale) < 2e-6)
    let terms = Float(test.images * test.shape.pooledHeight * test.shape.pooledWidth)
    #expect(difference(found.weightGradient, expected.weightGradient, scale: terms.squareRoot()) < 2e-6)
    #expect(difference(found.inputGradient, expected.inputGradient, scale: Float(9 * test.outputs).squareRoot()) < 2e-6)
    #expect(difference(found.updated, expected.updated, scale: terms.squareRoot()) < 2e-6)
    // Where two inputs of a window nearly tie, rounding decides; elsewhere the winners are the same.
    let others = zip(found.winners, expected.winners).count { $0 != $1 }
    #expect(others <= found.winners.count / 1000)
  }

  @Test("Convolution has the same bits on every instruction set", arguments: ConvCase.all)
  func bits(test: ConvCase) {
    let arguments = test.arguments
    let expected = test.results(InstructionSet.baseline.kernels, arguments)
    for set in InstructionSet.available.dropFirst() {
      let found = test.results(set.kernels, arguments)
      #expect(sameBits(found.output, expected.output), "output, \(set)")
      #expect(sameBits(found.affine, expected.affine), "affine, \(set)")
      #expect(sameBits(found.weightGradient, expected.weightGradient), "weight gradient, \(set)")
      #expect(sameBits(found.inputGradient, expected.inputGradient), "input gradient, \(set)")
      #expect(sameBits(found.updated, expected.updated), "updated, \(set)")
      #expect(found.winners == expected.winners, "winners, \(set)")
    }
  }

  @Test("Weight and input gradients are adjoint to the forward pass", arguments: ConvCase.all.filter { !$0.isThin })
  func adjoint(test: ConvCase) {
    var arguments = test.arguments
    arguments.bias = arguments.bias.map { _ in 0 }
    let forward = test.results(InstructionSet.current.kernels, arguments)
    arguments.winners = forward.winners
    let backward = test.results(InstructionSet.current.kernels, arguments)
    // With the winners fixed, the output is linear in the input and in the weights.
    func product(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
    let value = product(forward.output, arguments.outputGradient)
    let size = product(forward.output.map(\.magnitude), arguments.outputGradient.map(\.magnitude))
    #expect(abs(value - product(arguments.input, backward.inputGradient)) < 1e-5 * size)
    #expect(abs(value - product(arguments.weights, backward.weightGradient)) < 1e-5 * size)
  }
}
