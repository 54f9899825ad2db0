import KernelAPI
import PairNN

/// From the logits of two digits to those of the target: [BN], ReLU, dropout, concatenation; linear 20→200, [BN], ReLU,
/// dropout; linear 200→2.
struct Head {
  /// Of the digits' logits: one a branch, or none without batch norm.
  let bn4: [BatchNorm]
  let bn5: BatchNorm?
  let fc3: Linear
  let fc4: Linear

  // Offsets into the workspace.
  /// Rows of two vectors, one a digit, and their gradient.
  let concatenated, concatenatedGradient: Int
  let z5, h5, d5: Int
  let multipliers: Int
  /// The target's logits and their gradient.
  let z6, d6: Int

  init(
    bn4: [BatchNorm], batchNorm: Bool, capacity: Int, parameters: inout ParameterPlan, workspace: inout WorkspacePlan
  ) {
    self.bn4 = bn4
    bn5 =
      batchNorm
      ? BatchNorm("bn5", channels: Size.hidden, parameters: &parameters, workspace: &workspace) : nil
    fc3 = Linear(
      "fc3", lanes: Size.concatenatedLanes, inputs: 2 * laneCount, outputs: Size.hidden, parameters: &parameters,
      workspace: &workspace)
    fc4 = Linear(
      "fc4", lanes: Array(0..<Size.hidden), inputs: padded(Size.hidden), outputs: Size.targets,
      parameters: &parameters, workspace: &workspace)
    concatenated = workspace.floats.reserve(capacity * fc3.inputs)
    concatenatedGradient = workspace.floats.reserve(capacity * fc3.inputs)
    h5 = workspace.floats.reserve(capacity * fc3.outputStride)
    z5 = batchNorm ? workspace.floats.reserve(capacity * fc3.outputStride) : h5
    d5 = workspace.floats.reserve(capacity * fc3.outputStride)
    multipliers = workspace.floats.reserve(capacity * fc3.outputStride)
    z6 = workspace.floats.reserve(capacity * fc4.outputStride)
    d6 = workspace.floats.reserve(capacity * fc4.outputStride)
  }

  func prepare(_ pass: Pass) {
    fc3.prepare(pass)
    fc4.prepare(pass)
  }

  private func logitRows(_ n: Int) -> RowShape { RowShape(images: n, channels: laneCount) }

  /// Training: from the digits' logits, n rows of 16 floats each, to the target's at `z6`.
  func forward(_ pass: Pass, count n: Int, logits: SIMD2<Int>, dropout: DropoutStep) {
    let w = pass.workspace
    for branch in 0..<2 {
      let drop = dropout.multipliers(
        pass, site: DropoutSite.logits(branch: branch), count: n * laneCount, into: multipliers)
      let input = Floats(w + logits[branch])
      let output = w + concatenated + branch * laneCount
      if bn4.isEmpty {
        pass.kernels.rectify(
          logitRows(n), input: input, scale: nil, shift: nil, multipliers: drop, output: output,
          outputImageStride: fc3.inputs)
      } else {
        bn4[branch].forward(
          pass, logitRows(n), input: input, multipliers: drop, output: output, outputImageStride: fc3.inputs)
      }
    }
    fc3.forward(
      pass, rows: n, input: Floats(w + concatenated), inputStride: fc3.inputs, rectify: bn5 == nil, output: w + z5)
    let drop = dropout.multipliers(
      pass, site: DropoutSite.fc3, count: n * fc3.outputStride, into: multipliers)
    let rows = RowShape(images: n, channels: fc3.outputStride)
    if let bn5 {
      bn5.forward(
        pass, rows, input: Floats(w + z5), multipliers: drop, output: w + h5, outputImageStride: fc3.outputStride)
    } else if drop != nil {
      pass.kernels.rectify(
        rows, input: Floats(w + z5), scale: nil, shift: nil, multipliers: drop, output: w + h5,
        outputImageStride: fc3.outputStride)
    }
    fc4.forward(pass, rows: n, input: Floats(w + h5), inputStride: fc3.outputStride, rectify: false, output: w + z6)
  }

  /// Evaluation of the same.
  func evaluate(_ pass: Pass, count n: Int, logits: SIMD2<Int>) {
    let w = pass.workspace
    for branch in 0..<2 {
      let folded = bn4.isEmpty ? nil : bn4[branch].fold(pass)
      pass.kernels.rectify(
        logitRows(n), input: Floats(w + logits[branch]), scale: folded?.scale, shift: folded?.shift, multipliers: nil,
        output: w + concatenated + branch * laneCount, outputImageStride: fc3.inputs)
    }
    fc3.forward(
      pass, rows: n, input: Floats(w + concatenated), inputStride: fc3.inputs, folded: bn5?.fold(pass), rectify: true,
      output: w + h5)
    fc4.forward(pass, rows: n, input: Floats(w + h5), inputStride: fc3.outputStride, rectify: false, output: w + z6)
  }

  /// From the gradient at `d6` back to those of the digits' logits, changing each layer on the way.
  func backward(
    _ pass: Pass, count n: Int, logits: SIMD2<Int>, logitGradients: SIMD2<Int>, keepScale: Float, descent: Descent
  ) {
    let w = pass.workspace
    fc4.backward(
      pass, rows: n, input: Floats(w + h5), inputStride: fc3.outputStride, outputGradient: Floats(w + d6),
      isGradientSparse: false,
      inputGradient: w + d5, inputGradientStride: fc3.outputStride, updatesBias: true, descent: descent)
    let rows = RowShape(images: n, channels: fc3.outputStride)
    if let bn5 {
      bn5.backward(
        pass, rows, outputGradient: Floats(w + d5), output: Floats(w + h5), outputImageStride: fc3.outputStride,
        input: Floats(w + z5), keepScale: keepScale, inputGradient: w + d5, descent: descent)
    } else {
      pass.kernels.rectifyBackward(
        rows, outputGradient: Floats(w + d5), output: Floats(w + h5), outputImageStride: fc3.outputStride,
        keepScale: keepScale, inputGradient: w + d5)
    }
    fc3.backward(
      pass, rows: n, input: Floats(w + concatenated), inputStride: fc3.inputs, outputGradient: Floats(w + d5),
      isGradientSparse: bn5 == nil,
      inputGradient: w + concatenatedGradient, inputGradientStride: fc3.inputs, updatesBias: bn5 == nil,
      descent: descent)
    for branch in 0..<2 {
      let start = branch * laneCount
      if bn4.isEmpty {
        pass.kernels.rectifyBackward(
          logitRows(n), outputGradient: Floats(w + concatenatedGradient + start),
          output: Floats(w + concatenated + start), outputImageStride: fc3.inputs, keepScale: keepScale,
          inputGradient: w + logitGradients[branch])
      } else {
        bn4[branch].backward(
          pass, logitRows(n), outputGradient: Floats(w + concatenatedGradient + start),
          output: Floats(w + concatenated + start), outputImageStride: fc3.inputs, input: Floats(w + logits[branch]),
          keepScale: keepScale, inputGradient: w + logitGradients[branch], descent: descent)
      }
    }
  }
}
