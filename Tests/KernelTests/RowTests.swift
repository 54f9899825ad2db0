import KernelAPI
import KernelsReference
import PairNN
import Testing

struct RowCase: CustomTestStringConvertible, Sendable {
  var images, pixels, channels: Int
  var gap = 0
  var drops = false
  var testDescription: String {
    "\(images) x \(pixels) x \(channels), gap \(gap)\(drops ? ", dropout" : ""), seed \(testSeed)"
  }
  var shape: RowShape {
    RowShape(images: images, pixels: pixels, channels: channels, imageStride: pixels * channels + gap)
  }

  static let all = [
    RowCase(images: 25, pixels: 36, channels: 32), RowCase(images: 25, pixels: 4, channels: 64, gap: 16),
    RowCase(images: 25, pixels: 1, channels: 208, drops: true), RowCase(images: 2, pixels: 1, channels: 16),
    RowCase(images: 3, pixels: 5, channels: 48, gap: 32, drops: true), RowCase(images: 1, pixels: 7, channels: 16),
    RowCase(images: 50, pixels: 1, channels: 16, gap: 16),
  ]
}

@Suite struct RowTests {
  @Test("Batch norm, ReLU and dropout agree with the reference", arguments: InstructionSet.available, RowCase.all)
  func reference(set: InstructionSet, test: RowCase) {
    let found = results(set.kernels, test)
    let expected = results(ReferenceKernels.self, test)
    for (name, values) in found {
      let other = expected[name] ?? []
      #expect(difference(values, other, scale: max(other.map(\.magnitude).max() ?? 1, 1)) < 1e-5, "\(name)")
    }
  }

  @Test("Batch norm, ReLU and dropout have the same bits on every instruction set", arguments: RowCase.all)
  func bits(test: RowCase) {
    let expected = results(InstructionSet.baseline.kernels, test)
    for set in InstructionSet.available.dropFirst() {
      for (name, values) in results(set.kernels, test) {
        #expect(sameBits(values, expected[name] ?? []), "\(name), \(set)")
      }
    }
  }

  @Test(
    "Batch norm's input gradient is orthogonal to what the normalisation takes away",
    arguments: RowCase.all.filter { $0.images * $0.pixels > 4 })
  func orthogonality(test: RowCase) {
    // The output changes neither if every input grows by a constant nor if they are scaled about their mean.
    let found = results(InstructionSet.current.kernels, test)
    guard let gradient = found["input gradient"], let input = found["input"] else { return }
    for channel in 0..<test.channels {
      var sum = 0.0
      var product = 0.0
      for image in 0..<test.images {
        for pixel in 0..<test.pixels {
          let place = image * test.shape.imageStride + pixel * test.channels + channel
          sum += Double(gradient[place])
          product += Double(gradient[place]) * Double(input[place])
        }
      }
      let rows = Double(test.images * test.pixels)
      #expect(abs(sum) < 2e-5 * rows, "channel \(channel)")
      #expect(abs(product) < 2e-4 * rows, "channel \(channel)")
    }
  }

  private func results(_ kernels: any KernelSet.Type, _ test: RowCase) -> [String: [Float]] {
    let shape = test.shape
    let outputStride = test.pixels * test.channels + 2 * test.gap
    var numbers = Numbers(test.images * 100 + test.channels)
    let input = numbers.floats(test.images * shape.imageStride)
    let weight = numbers.floats(test.channels)
    let bias = numbers.floats(test.channels)
    let outputGradient = numbers.floats(test.images * outputStride)
    let keepScale: Float = test.drops ? 1.25 : 1
    let multipliers = numbers.floats(test.images * test.pixels * test.channels).map { $0 < -0.6 ? 0 : keepScale }

    var statistics = [Float](repeating: 0, count: 2 * test.channels)
    var runningMean = numbers.floats(test.channels)
    var runningVariance = numbers.sparse(test.channels)
    var output = [Float](repeating: 0, count: test.images * outputStride)
    kernels.batchNormForward(
      shape, input: input, weight: weight, bias: bias, epsilon: 1e-5, momentum: 0.1, statistics: &statistics,
      runningMean: &runningMean, runningVariance: &runningVariance, multipliers: test.drops ? multipliers : nil,
      output: &output, outputImageStride: outputStride)
    var inputGradient = [Float](repeating: 0, count: input.count)
    var newWeight = weight
    var newBias = bias
    kernels.batchNormBackward(
      shape, outputGradient: outputGradient, output: output, outputImageStride: outputStride, input: input,
      statistics: statistics, weight: weight, keepScale: keepScale, inputGradient: &inputGradient, baseWeight: weight,
      baseBias: bias, factor: -0.1, newWeight: &newWeight, newBias: &newBias)

    var scale = [Float](repeating: 0, count: test.channels)
    var shift = scale
    kernels.batchNormFold(
      channels: test.channels, weight: weight, bias: bias, runningMean: runningMean,
      runningVariance: runningVariance, epsilon: 1e-5, scale: &scale, shift: &shift)
    var rectified = [Float](repeating: 0, count: test.images * outputStride)
    var affine = rectified
    kernels.rectify(
      shape, input: input, scale: nil, shift: nil, multipliers: test.drops ? multipliers : nil, output: &rectified,
      outputImageStride: outputStride)
    kernels.rectify(
      shape, input: input, scale: weight, shift: bias, multipliers: nil, output: &affine,
      outputImageStride: outputStride)
    var rectifiedGradient = [Float](repeating: 0, count: input.count)
    kernels.rectifyBackward(
      shape, outputGradient: outputGradient, output: rectified, outputImageStride: outputStride,
      keepScale: keepScale, inputGradient: &rectifiedGradient)
    var newerBias = bias
    kernels.biasUpdate(shape, gradient: input, base: bias, factor: -0.1, bias: &newerBias)
    return [
      "input": input, "statistics": statistics, "running mean": runningMean, "running variance": runningVariance,
      "output": output, "input gradient": inputGradient, "new weight": newWeight, "new bias": newBias, "scale": scale,
      "shift": shift, "rectified": rectified, "affine": affine, "rectified gradient": rectifiedGradient,
      "newer bias": newerBias,
    ]
  }
}
