import KernelAPI

/// y = x Wᵀ + b: (N, inputs) to (N, outputs).
///
/// The store keeps Wᵀ as (inputs, outputs padded), which the forward pass reads; the backward pass reads a transposed
/// copy.
package struct Linear {
  /// Floats of an input row that hold inputs or padding.
  package let inputs: Int
  package let outputs: Int
  /// Floats of an output row.
  package var outputStride: Int { padded(outputs) }
  /// Offsets into the parameters.
  let weight: Int
  let bias: Int
  /// Offset into the workspace: (outputs padded, inputs).
  let transposed: Int
  /// About half of the inputs are zero, and there are enough outputs to make use of it.
  let isSparse: Bool

  /// - Parameters:
  ///   - lanes: where input i lies in an input row
  ///   - inputs: the row's length, a multiple of 16; all of them are behind a ReLU
  package init(
    _ name: String, lanes: [Int], inputs: Int, outputs: Int, parameters: inout ParameterPlan,
    workspace: inout WorkspacePlan
  ) {
    precondition(inputs % laneCount == 0 && lanes.allSatisfy((0..<inputs).contains), "inputs lie in whole vectors")
    self.inputs = inputs
    self.outputs = outputs
    isSparse = outputs >= 5 * laneCount
    let initial = Tensor.Initial.uniform(fanIn: lanes.count)
    weight = parameters.add(
      "\(name).weight", shape: [outputs, lanes.count], initial: initial,
      layout: .linear(lanes: lanes, inputs: inputs, outputStride: padded(outputs)))
    bias = parameters.add("\(name).bias", shape: [outputs], initial: initial, layout: .vector)
    transposed = workspace.floats.reserve(inputs * padded(outputs))
  }

  /// Transposes the weights for the backward pass, which then does so by itself.
  package func prepare(_ pass: Pass) {
    pass.kernels.transpose(
      rows: inputs, columns: outputStride, source: Floats(pass.parameters + weight), sourceStride: outputStride,
      destination: pass.workspace + transposed, destinationStride: inputs)
  }

  /// - Parameter folded: batch norm in evaluation
  package func forward(
    _ pass: Pass, rows: Int, input: Floats, inputStride: Int, folded: BatchNorm.Folded? = nil, rectify: Bool,
    output: MutableFloats
  ) {
    let weights = Floats(pass.parameters + weight)
    let bias = Floats(pass.parameters + bias)
    if isSparse {
      pass.kernels.sparseGemm(
        rows: rows, inner: inputs, columns: outputStride, a: input, aStride: inputStride, b: weights,
        bStride: outputStride, bias: bias, scale: folded?.scale, shift: folded?.shift, rectify: rectify,
        output: output, outputStride: outputStride)
    } else {
      pass.kernels.gemm(
        rows: rows, inner: inputs, columns: outputStride, a: input, aStride: inputStride, b: weights,
        bStride: outputStride, bias: bias, scale: folded?.scale, shift: folded?.shift, rectify: rectify,
        output: output, outputStride: outputStride)
    }
  }

  /// The input's gradient, then the change of weights and bias.
  ///
  /// - Parameters:
  ///   - isGradientSparse: about half of the output's gradient is zero: it comes from a ReLU and not from batch norm
  ///   - updatesBias: false before batch norm, which takes any constant away: the gradient is zero
  package func backward(
    _ pass: Pass, rows: Int, input: Floats, inputStride: Int, outputGradient: Floats, isGradientSparse: Bool,
    inputGradient: MutableFloats, inputGradientStride: Int, updatesBias: Bool, descent: Descent
  ) {
    let transposed = Floats(pass.workspace + transposed)
    if isGradientSparse && inputs >= 5 * laneCount {
      pass.kernels.sparseGemm(
        rows: rows, inner: outputs, columns: inputs, a: outputGradient, aStride: outputStride, b: transposed,
        bStride: inputs, bias: nil, scale: nil, shift: nil, rectify: false, output: inputGradient,
        outputStride: inputGradientStride)
    } else {
      pass.kernels.gemm(
        rows: rows, inner: outputs, columns: inputs, a: outputGradient, aStride: outputStride, b: transposed,
        bStride: inputs, bias: nil, scale: nil, shift: nil, rectify: false, output: inputGradient,
        outputStride: inputGradientStride)
    }
    if isSparse {
      pass.kernels.sparseOuter(
        rows: rows, m: inputs, n: outputStride, a: input, aStride: inputStride, b: outputGradient,
        bStride: outputStride, base: descent.base + weight, factor: descent.factor, output: descent.target + weight)
    } else {
      pass.kernels.outer(
        rows: rows, m: inputs, n: outputStride, a: input, aStride: inputStride, b: outputGradient,
        bStride: outputStride, base: descent.base + weight, factor: descent.factor, output: descent.target + weight)
    }
    if updatesBias {
      pass.kernels.biasUpdate(
        RowShape(images: rows, channels: outputStride), gradient: outputGradient, base: descent.base + bias,
        factor: descent.factor, bias: descent.target + bias)
    }
    if descent.isInPlace { prepare(pass) }
  }
}
