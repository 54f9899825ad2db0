import KernelAPI
import PairNN
import Synchronization

/// Kernels with a stopwatch each, which tell the recorder in use.
///
/// A kernel set has no instances, so the recorder is a global; `recording` lets one thread at a time have it.
enum ProfiledKernels: KernelSet {
  private static let inUse = Mutex(())
  /// Only what holds `inUse` sets, and only its own thread calls these kernels.
  nonisolated(unsafe) private static var recorder: KernelRecorder?
  /// The kernels to time; kept apart because a network asks them for sizes before there is a recorder.
  nonisolated(unsafe) private static var kernels: any KernelSet.Type = InstructionSet.current.kernels

  /// Calls `body`, which may compute with these kernels and set their recorder. One thread at a time is in it.
  static func recording<Result>(
    _ kernels: any KernelSet.Type, _ body: ((KernelRecorder?) -> Void) -> Result
  ) -> Result {
    inUse.withLock { _ in
      self.kernels = kernels
      defer { recorder = nil }
      return body { recorder = $0 }
    }
  }

  @inline(__always) private static func timed<T>(
    _ operation: ProfiledOperation, of tensor: Floats? = nil, _ body: () -> T
  ) -> T {
    guard let recorder else { return body() }
    let start = monotonicSeconds()
    let result = body()
    recorder.add(monotonicSeconds() - start, operation, of: tensor)
    return result
  }

  static func convPackedCount(_ shape: ConvShape) -> Int { kernels.convPackedCount(shape) }
  static func convWorkspaceCount(_ shape: ConvShape, images: Int) -> Int {
    kernels.convWorkspaceCount(shape, images: images)
  }
  static func convPack(_ shape: ConvShape, weights: Floats, packed: MutableFloats) {
    timed(.update, of: weights) { kernels.convPack(shape, weights: weights, packed: packed) }
  }

  static func convForward(
    _ shape: ConvShape, images: Int, input: Floats, weights: Floats, packed: Floats, bias: Floats, scale: Floats?,
    shift: Floats?, rectify: Bool, output: MutableFloats, winners: MutableIntegers?, workspace: MutableFloats
  ) {
    timed(.forward, of: weights) {
      kernels.convForward(
        shape, images: images, input: input, weights: weights, packed: packed, bias: bias, scale: scale,
        shift: shift, rectify: rectify, output: output, winners: winners, workspace: workspace)
    }
  }

  static func convWeightGradient(
    _ shape: ConvShape, images: Int, input: Floats, outputGradient: Floats, winners: Integers,
    gradient: MutableFloats, workspace: MutableFloats
  ) {
    let start = monotonicSeconds()
    kernels.convWeightGradient(
      shape, images: images, input: input, outputGradient: outputGradient, winners: winners, gradient: gradient,
      workspace: workspace)
    recorder?.postpone(monotonicSeconds() - start, .weightGradient)
  }

  static func convInputGradient(
    _ shape: ConvShape, images: Int, weights: Floats, packed: Floats, outputGradient: Floats, winners: Integers,
    inputGradient: MutableFloats, workspace: MutableFloats
  ) {
    timed(.inputGradient, of: weights) {
      kernels.convInputGradient(
        shape, images: images, weights: weights, packed: packed, outputGradient: outputGradient, winners: winners,
        inputGradient: inputGradient, workspace: workspace)
    }
  }

  static func convUpdate(
    _ shape: ConvShape, base: Floats, gradient: Floats, factor: Float, weights: MutableFloats, packed: MutableFloats?
  ) {
    recorder?.resolve(weights)
    timed(.update, of: weights) {
      kernels.convUpdate(
        shape, base: base, gradient: gradient, factor: factor, weights: weights, packed: packed)
    }
  }

  static func gemm(
    rows: Int, inner: Int, columns: Int, a: Floats, aStride: Int, b: Floats, bStride: Int, bias: Floats?,
    scale: Floats?, shift: Floats?, rectify: Bool, output: MutableFloats, outputStride: Int
  ) {
    product(bias) {
      kernels.gemm(
        rows: rows, inner: inner, columns: columns, a: a, aStride: aStride, b: b, bStride: bStride, bias: bias,
        scale: scale, shift: shift, rectify: rectify, output: output, outputStride: outputStride)
    }
  }

  static func sparseGemm(
    rows: Int, inner: Int, columns: Int, a: Floats, aStride: Int, b: Floats, bStride: Int, bias: Floats?,
    scale: Floats?, shift: Floats?, rectify: Bool, output: MutableFloats, outputStride: Int
  ) {
    product(bias) {
      kernels.sparseGemm(
        rows: rows, inner: inner, columns: columns, a: a, aStride: aStride, b: b, bStride: bStride, bias: bias,
        scale: scale, shift: shift, rectify: rectify, output: output, outputStride: outputStride)
    }
  }

  /// A product with a bias is a forward pass; one without is an input gradient, whose layer the weight gradient after it
  /// tells.
  @inline(__always) private static func product(_ bias: Floats?, _ body: () -> Void) {
    if let bias {
      timed(.forward, of: bias, body)
    } else {
      let start = monotonicSeconds()
      body()
      recorder?.postpone(monotonicSeconds() - start, .inputGradient)
    }
  }

  static func outer(
    rows: Int, m: Int, n: Int, a: Floats, aStride: Int, b: Floats, bStride: Int, base: Floats, factor: Float,
    output: MutableFloats
  ) {
    recorder?.resolve(output)
    timed(.weightGradient, of: output) {
      kernels.outer(
        rows: rows, m: m, n: n, a: a, aStride: aStride, b: b, bStride: bStride, base: base, factor: factor,
        output: output)
    }
  }

  static func sparseOuter(
    rows: Int, m: Int, n: Int, a: Floats, aStride: Int, b: Floats, bStride: Int, base: Floats, factor: Float,
    output: MutableFloats
  ) {
    recorder?.resolve(output)
    timed(.weightGradient, of: output) {
      kernels.sparseOuter(
        rows: rows, m: m, n: n, a: a, aStride: aStride, b: b, bStride: bStride, base: base, factor: factor,
        output: output)
    }
  }

  static func transpose(
    rows: Int, columns: Int, source: Floats, sourceStride: Int, destination: MutableFloats, destinationStride: Int
  ) {
    timed(.update, of: source) {
      kernels.transpose(
        rows: rows, columns: columns, source: source, sourceStride: sourceStride, destination: destination,
        destinationStride: destinationStride)
    }
  }

  static func batchNormForward(
    _ shape: RowShape, input: Floats, weight: Floats, bias: Floats, epsilon: Float, momentum: Float,
    statistics: MutableFloats, runningMean: MutableFloats, runningVariance: MutableFloats, multipliers: Floats?,
    output: MutableFloats, outputImageStride: Int
  ) {
    timed(.batchNormForward, of: weight) {
      kernels.batchNormForward(
        shape, input: input, weight: weight, bias: bias, epsilon: epsilon, momentum: momentum, statistics: statistics,
        runningMean: runningMean, runningVariance: runningVariance, multipliers: multipliers, output: output,
        outputImageStride: outputImageStride)
    }
  }

  static func batchNormBackward(
    _ shape: RowShape, outputGradient: Floats, output: Floats, outputImageStride: Int, input: Floats,
    statistics: Floats, weight: Floats, keepScale: Float, inputGradient: MutableFloats, baseWeight: Floats,
    baseBias: Floats, factor: Float, newWeight: MutableFloats, newBias: MutableFloats
  ) {
    timed(.batchNormBackward, of: weight) {
      kernels.batchNormBackward(
        shape, outputGradient: outputGradient, output: output, outputImageStride: outputImageStride, input: input,
        statistics: statistics, weight: weight, keepScale: keepScale, inputGradient: inputGradient,
        baseWeight: baseWeight, baseBias: baseBias, factor: factor, newWeight: newWeight, newBias: newBias)
    }
  }

  static func batchNormFold(
    channels: Int, weight: Floats, bias: Floats, runningMean: Floats, runningVariance: Floats, epsilon: Float,
    scale: MutableFloats, shift: MutableFloats
  ) {
    kernels.batchNormFold(
      channels: channels, weight: weight, bias: bias, runningMean: runningMean, runningVariance: runningVariance,
      epsilon: epsilon, scale: scale, shift: shift)
  }

  static func rectify(
    _ shape: RowShape, input: Floats, scale: Floats?, shift: Floats?, multipliers: Floats?, output: MutableFloats,
    outputImageStride: Int
  ) {
    timed(.relu) {
      kernels.rectify(
        shape, input: input, scale: scale, shift: shift, multipliers: multipliers, output: output,
        outputImageStride: outputImageStride)
    }
  }

  static func rectifyBackward(
    _ shape: RowShape, outputGradient: Floats, output: Floats, outputImageStride: Int, keepScale: Float,
    inputGradient: MutableFloats
  ) {
    timed(.relu) {
      kernels.rectifyBackward(
        shape, outputGradient: outputGradient, output: output, outputImageStride: outputImageStride,
        keepScale: keepScale, inputGradient: inputGradient)
    }
  }

  static func biasUpdate(_ shape: RowShape, gradient: Floats, base: Floats, factor: Float, bias: MutableFloats) {
    timed(.bias, of: bias) { kernels.biasUpdate(shape, gradient: gradient, base: base, factor: factor, bias: bias) }
  }

  static func softmaxCrossEntropy(
    rows: Int, classes: Int, logits: Floats, stride: Int, labels: Integers, scale: Float, gradient: MutableFloats?,
    accumulate: Bool, total: inout Double
  ) {
    let start = monotonicSeconds()
    kernels.softmaxCrossEntropy(
      rows: rows, classes: classes, logits: logits, stride: stride, labels: labels, scale: scale, gradient: gradient,
      accumulate: accumulate, total: &total)
    recorder?.add(monotonicSeconds() - start, .loss, of: nil)
  }

  static func errorCount(rows: Int, classes: Int, logits: Floats, stride: Int, labels: Integers) -> Int {
    kernels.errorCount(rows: rows, classes: classes, logits: logits, stride: stride, labels: labels)
  }

  static func dropoutMultipliers(
    count: Int, key: SIMD2<UInt32>, step: UInt32, purpose: UInt32, site: UInt32, threshold: UInt32, keepScale: Float,
    output: MutableFloats
  ) {
    timed(.dropout) {
      kernels.dropoutMultipliers(
        count: count, key: key, step: step, purpose: purpose, site: site, threshold: threshold, keepScale: keepScale,
        output: output)
    }
  }

  static func multiplyAddPeak(rounds: Int, factor: Float, addend: Float) -> (operations: Int, check: Float) {
    kernels.multiplyAddPeak(rounds: rounds, factor: factor, addend: addend)
  }
}
