import KernelAPI

/// Batch normalisation, the ReLU after it and the dropout after that.
///
/// - Source: Ioffe & Szegedy 2015, algorithms 1 and 2
package struct BatchNorm {
  package static let epsilon: Float = 1e-5
  /// Weighs the new batch in the running statistics, as in PyTorch.
  package static let momentum: Float = 0.1

  /// Batch norm as one multiplication and addition a channel.
  package struct Folded {
    package let scale: Floats
    package let shift: Floats
  }

  /// Floats a row.
  let channels: Int
  /// Offsets into the parameters.
  let weight: Int
  let bias: Int
  let runningMean: Int
  let runningVariance: Int
  /// Offsets into the workspace: (2, channels) each.
  let statistics: Int
  let folded: Int

  package init(_ name: String, channels: Int, parameters: inout ParameterPlan, workspace: inout WorkspacePlan) {
    self.channels = padded(channels)
    weight = parameters.add("\(name).weight", shape: [channels], initial: .constant(1), layout: .vector)
    bias = parameters.add("\(name).bias", shape: [channels], initial: .constant(0), layout: .vector)
    runningMean = parameters.add(
      "\(name).running_mean", shape: [channels], role: .runningStatistic, initial: .constant(0), layout: .vector)
    runningVariance = parameters.add(
      "\(name).running_var", shape: [channels], role: .runningStatistic, initial: .constant(1), layout: .vector)
    statistics = workspace.floats.reserve(2 * padded(channels))
    folded = workspace.floats.reserve(2 * padded(channels))
  }

  /// Evaluation: the running statistics folded into a scale and a shift.
  package func fold(_ pass: Pass) -> Folded {
    let scale = pass.workspace + folded
    let shift = scale + channels
    pass.kernels.batchNormFold(
      channels: channels, weight: Floats(pass.parameters + weight), bias: Floats(pass.parameters + bias),
      runningMean: Floats(pass.parameters + runningMean), runningVariance: Floats(pass.parameters + runningVariance),
      epsilon: Self.epsilon, scale: scale, shift: shift)
    return Folded(scale: Floats(scale), shift: Floats(shift))
  }

  /// Training: normalises by the batch, remembers its statistics, rectifies and drops.
  package func forward(
    _ pass: Pass, _ shape: RowShape, input: Floats, multipliers: Floats?, output: MutableFloats,
    outputImageStride: Int
  ) {
    pass.kernels.batchNormForward(
      shape, input: input, weight: Floats(pass.parameters + weight), bias: Floats(pass.parameters + bias),
      epsilon: Self.epsilon, momentum: Self.momentum, statistics: pass.workspace + statistics,
      runningMean: pass.parameters + runningMean, runningVariance: pass.parameters + runningVariance,
      multipliers: multipliers, output: output, outputImageStride: outputImageStride)
  }

  package func backward(
    _ pass: Pass, _ shape: RowShape, outputGradient: Floats, output: Floats, outputImageStride: Int, input: Floats,
    keepScale: Float, inputGradient: MutableFloats, descent: Descent
  ) {
    pass.kernels.batchNormBackward(
      shape, outputGradient: outputGradient, output: output, outputImageStride: outputImageStride, input: input,
      statistics: Floats(pass.workspace + statistics), weight: Floats(pass.parameters + weight),
      keepScale: keepScale, inputGradient: inputGradient, baseWeight: descent.base + weight,
      baseBias: descent.base + bias, factor: descent.factor, newWeight: descent.target + weight,
      newBias: descent.target + bias)
  }
}
