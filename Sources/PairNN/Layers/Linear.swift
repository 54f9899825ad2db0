import KernelAPI

/// y = x Wᵀ + b: (N, inputs) to (N, outputs).
///
/// The store keeps W as (outputs, inputs), which the backward pass reads; the forward pass reads a transposed copy.
package struct Linear {
  /// Floats of an input row that hold inputs or padding.
  package let inputs: Int
  package let outputs: Int
  /// Floats of an output row.
  package var outputStride: Int { padded(outputs) }
  /// Offsets into the parameters.
  let weight: Int
  let bias: Int
  /// Offset into the workspace: (inputs, outputs padded).
  let transposed: Int

  /// - Parameters:
  ///   - lanes: where input i lies in an input row
  ///   - inputs: the row's length, a multiple of 16
  package init(
    _ name: String, lanes: [Int], inputs: Int, outputs: Int, parameters: inout ParameterPlan,
    workspace: inout WorkspacePlan
  ) {
    precondition(inputs % laneCount == 0 && lanes.allSatisfy((0..<inputs).contains), "inputs lie in whole vectors")
    self.inputs = inputs
    self.outputs = outputs
    let initial = Tensor.Initial.uniform(fanIn: lanes.count)
    weight = parameters.add(
      "\(name).weight", shape: [outputs, lanes.count], initial: initial,
      layout: .linear(lanes: lanes, stride: inputs))
    bias = parameters.add("\(name).bias", shape: [outputs], initial: initial, layout: .vector)
    transposed = workspace.floats.reserve(inputs * padded(outputs))
  }

  /// Transposes the weights for the forward pass; `backward` does so by itself.
  package func prepare(_ pass: Pass) {
    pass.kernels.transpose(
      rows: outputStride, columns: inputs, source: Floats(pass.parameters + weight), sourceStride: inputs,
      destination: pass.workspace + transposed, destinationStride: outputStride)
  }

  /// - Parameter folded: batch norm in evaluation
  package func forward(
    _ pass: Pass, rows: Int, input: Floats, inputStride: Int, folded: BatchNorm.Folded? = nil, rectify: Bool,
    output: MutableFloats
  ) {
    pass.kernels.gemm(
      rows: rows, inner: inputs, columns: outputStride, a: input, aStride: inputStride,
      b: Floats(pass.workspace + transposed), bStride: outputStride, bias: Floats(pass.parameters + bias),
      scale: folded?.scale, shift: folded?.shift, rectify: rectify, output: output, outputStride: outputStride)
  }

  /// The input's gradient, then the change of weights and bias.
  ///
  /// - Parameter updatesBias: false before batch norm, which takes any constant away: the gradient is zero
  package func backward(
    _ pass: Pass, rows: Int, input: Floats, inputStride: Int, outputGradient: Floats, inputGradient: MutableFloats,
    inputGradientStride: Int, updatesBias: Bool, descent: Descent
  ) {
    pass.kernels.gemm(
      rows: rows, inner: outputs, columns: inputs, a: outputGradient, aStride: outputStride,
      b: Floats(pass.parameters + weight), bStride: inputs, bias: nil, scale: nil, shift: nil, rectify: false,
      output: inputGradient, outputStride: inputGradientStride)
    pass.kernels.linearWeightGradient(
      rows: rows, inputs: inputs, outputs: outputs, input: input, inputStride: inputStride,
      outputGradient: outputGradient, outputGradientStride: outputStride, base: descent.base + weight,
      factor: descent.factor, weights: descent.target + weight)
    if updatesBias {
      pass.kernels.biasUpdate(
        RowShape(images: rows, channels: outputStride), gradient: outputGradient, base: descent.base + bias,
        factor: descent.factor, bias: descent.target + bias)
    }
    if descent.isInPlace { prepare(pass) }
  }
}
