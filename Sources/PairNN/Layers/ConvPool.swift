import KernelAPI

/// A 3x3 convolution and 2x2 max-pooling: (N, H, W, C) to (N, ⌊(H − 2)/2⌋, ⌊(W − 2)/2⌋, K).
package struct ConvPool {
  package let shape: ConvShape
  /// Offsets into the parameters.
  let weight: Int
  let bias: Int
  /// Offsets into the workspace.
  let packed: Int
  let gradient: Int
  let scratch: Int

  /// - Parameter imagesMax: the most images of one call.
  package init(
    _ name: String, shape: ConvShape, imagesMax: Int, kernels: any KernelSet.Type, parameters: inout ParameterPlan,
    workspace: inout WorkspacePlan
  ) {
    self.shape = shape
    let fanIn = 9 * shape.inputChannels
    weight = parameters.add(
      "\(name).weight", shape: [shape.outputChannels, shape.inputChannels, 3, 3], initial: .uniform(fanIn: fanIn),
      layout: .convolution(shape))
    bias = parameters.add(
      "\(name).bias", shape: [shape.outputChannels], initial: .uniform(fanIn: fanIn), layout: .vector)
    packed = workspace.floats.reserve(kernels.convPackedCount(shape))
    gradient = workspace.floats.reserve(shape.weightCount)
    scratch = workspace.floats.reserve(kernels.convWorkspaceCount(shape, images: imagesMax))
  }

  /// Derives what the kernels read from the weights; `backward` does so by itself.
  package func prepare(_ pass: Pass) {
    pass.kernels.convPack(shape, weights: Floats(pass.parameters + weight), packed: pass.workspace + packed)
  }

  /// - Parameters:
  ///   - folded: batch norm in evaluation, applied after the pooling
  ///   - winners: nil in evaluation
  package func forward(
    _ pass: Pass, images: Int, input: Floats, folded: BatchNorm.Folded? = nil, rectify: Bool, output: MutableFloats,
    winners: MutableIntegers?
  ) {
    pass.kernels.convForward(
      shape, images: images, input: input, weights: Floats(pass.parameters + weight),
      packed: Floats(pass.workspace + packed), bias: Floats(pass.parameters + bias), scale: folded?.scale,
      shift: folded?.shift, rectify: rectify, output: output, winners: winners, workspace: pass.workspace + scratch)
  }

  /// - Parameters:
  ///   - outputGradient: of the pooled output, before batch norm and ReLU
  ///   - inputGradient: nil if nobody wants it
  ///   - updatesBias: false before batch norm, which takes any constant away: the gradient is zero
  package func backward(
    _ pass: Pass, images: Int, input: Floats, outputGradient: Floats, winners: Integers,
    inputGradient: MutableFloats?, updatesBias: Bool, descent: Descent
  ) {
    if updatesBias {
      pass.kernels.biasUpdate(
        RowShape(
          images: images, pixels: shape.pooledHeight * shape.pooledWidth, channels: shape.outputPixelStride,
          imageStride: shape.outputImageStride), gradient: outputGradient, base: descent.base + bias,
        factor: descent.factor, bias: descent.target + bias)
    }
    pass.kernels.convWeightGradient(
      shape, images: images, input: input, outputGradient: outputGradient, winners: winners,
      gradient: pass.workspace + gradient, workspace: pass.workspace + scratch)
    if let inputGradient {
      pass.kernels.convInputGradient(
        shape, images: images, weights: Floats(pass.parameters + weight), packed: Floats(pass.workspace + packed),
        outputGradient: outputGradient, winners: winners, inputGradient: inputGradient,
        workspace: pass.workspace + scratch)
    }
    pass.kernels.convUpdate(
      shape, base: descent.base + weight, gradient: Floats(pass.workspace + gradient), factor: descent.factor,
      weights: descent.target + weight, packed: descent.isInPlace ? pass.workspace + packed : nil)
  }
}
