import KernelAPI
import PairNN

/// The batch norms of one branch: a digit's way through its tower.
struct BranchNorms {
  let bn1: BatchNorm
  let bn2: BatchNorm
  let bn3: BatchNorm

  init(_ prefix: String, parameters: inout ParameterPlan, workspace: inout WorkspacePlan) {
    bn1 = BatchNorm(
      "\(prefix)bn1", channels: Size.convolution1, parameters: &parameters, workspace: &workspace)
    bn2 = BatchNorm(
      "\(prefix)bn2", channels: Size.convolution2, parameters: &parameters, workspace: &workspace)
    bn3 = BatchNorm("\(prefix)bn3", channels: Size.hidden, parameters: &parameters, workspace: &workspace)
  }
}

/// Two convolutions and two linear layers with their own weights, which one or both digits go through.
///
/// conv 3x3, maxpool 2x2, [BN], ReLU; conv 3x3, maxpool 2x2, [BN], ReLU; linear 256→200, [BN], ReLU, dropout; linear
/// 200→classes. With two branches the rows of a batch of n are the n images of digit 1 and then those of digit 2.
struct Tower {
  /// Which digits go through: 0..<1, 1..<2 or 0..<2.
  let branches: Range<Int>
  let classes: Int
  let conv1: ConvPool
  let conv2: ConvPool
  let fc1: Linear
  let fc2: Linear
  /// One a branch, or none without batch norm.
  var norms: [BranchNorms] = []

  // Offsets into the workspace. z: before batch norm, h: after ReLU (and dropout), d: gradients.
  let images: Int
  let z1, h1, d1: Int
  let z2, h2, d2: Int
  let z3, h3, d3: Int
  let multipliers: Int
  /// Logits and their gradient.
  let z4, d4: Int
  /// Offsets into the integers.
  let winners1, winners2: Int

  /// - Parameters:
  ///   - channels: of the input, 2 if one tower sees both digits at once
  ///   - capacity: the most pairs of a batch
  init(
    _ prefix: String, branches: Range<Int>, channels: Int, classes: Int, batchNorm: Bool, capacity: Int,
    kernels: any KernelSet.Type, parameters: inout ParameterPlan, workspace: inout WorkspacePlan
  ) {
    self.branches = branches
    self.classes = classes
    let rows = capacity * branches.count
    let shape1 = Size.convolution1Shape(channels: channels)
    let shape2 = Size.convolution2Shape
    conv1 = ConvPool(
      "\(prefix)conv1", shape: shape1, imagesMax: rows, kernels: kernels, parameters: &parameters,
      workspace: &workspace)
    conv2 = ConvPool(
      "\(prefix)conv2", shape: shape2, imagesMax: rows, kernels: kernels, parameters: &parameters,
      workspace: &workspace)
    fc1 = Linear(
      "\(prefix)fc1", lanes: Size.flattenedLanes, inputs: Size.flattenedLanes.count, outputs: Size.hidden,
      parameters: &parameters, workspace: &workspace)
    fc2 = Linear(
      "\(prefix)fc2", lanes: Array(0..<Size.hidden), inputs: padded(Size.hidden), outputs: classes,
      parameters: &parameters, workspace: &workspace)

    images = workspace.floats.reserve(rows * shape1.inputImageStride)
    h1 = workspace.floats.reserve(rows * shape1.outputImageStride)
    z1 = batchNorm ? workspace.floats.reserve(rows * shape1.outputImageStride) : h1
    d1 = workspace.floats.reserve(rows * shape1.outputImageStride)
    h2 = workspace.floats.reserve(rows * shape2.outputImageStride)
    z2 = batchNorm ? workspace.floats.reserve(rows * shape2.outputImageStride) : h2
    d2 = workspace.floats.reserve(rows * shape2.outputImageStride)
    h3 = workspace.floats.reserve(rows * fc1.outputStride)
    z3 = batchNorm ? workspace.floats.reserve(rows * fc1.outputStride) : h3
    d3 = workspace.floats.reserve(rows * fc1.outputStride)
    multipliers = workspace.floats.reserve(rows * fc1.outputStride)
    z4 = workspace.floats.reserve(rows * fc2.outputStride)
    d4 = workspace.floats.reserve(rows * fc2.outputStride)
    winners1 = workspace.integers.reserve(rows * shape1.outputImageStride)
    winners2 = workspace.integers.reserve(rows * shape2.outputImageStride)
  }

  /// Derives what the kernels read from the parameters.
  func prepare(_ pass: Pass) {
    conv1.prepare(pass)
    conv2.prepare(pass)
    fc1.prepare(pass)
    fc2.prepare(pass)
  }

  private func rows1(_ count: Int) -> RowShape {
    RowShape(images: count, pixels: 6 * 6, channels: Size.convolution1)
  }
  private func rows2(_ count: Int) -> RowShape {
    RowShape(
      images: count, pixels: 2 * 2, channels: Size.convolution2, imageStride: Size.convolution2Shape.outputImageStride)
  }
  private func rows3(_ count: Int) -> RowShape { RowShape(images: count, channels: fc1.outputStride) }

  /// Training: from the images in the workspace to the logits at `z4`, for n pairs.
  func forward(_ pass: Pass, count n: Int, dropout: DropoutStep) {
    let w = pass.workspace
    let rows = n * branches.count
    let hasNorms = !norms.isEmpty
    conv1.forward(
      pass, images: rows, input: Floats(w + images), rectify: !hasNorms, output: w + z1,
      winners: pass.integers + winners1)
    for index in norms.indices {
      let start = index * n * conv1.shape.outputImageStride
      norms[index].bn1.forward(
        pass, rows1(n), input: Floats(w + z1 + start), multipliers: nil, output: w + h1 + start,
        outputImageStride: conv1.shape.outputImageStride)
    }
    conv2.forward(
      pass, images: rows, input: Floats(w + h1), rectify: !hasNorms, output: w + z2,
      winners: pass.integers + winners2)
    for index in norms.indices {
      let start = index * n * conv2.shape.outputImageStride
      norms[index].bn2.forward(
        pass, rows2(n), input: Floats(w + z2 + start), multipliers: nil, output: w + h2 + start,
        outputImageStride: conv2.shape.outputImageStride)
    }
    fc1.forward(
      pass, rows: rows, input: Floats(w + h2), inputStride: conv2.shape.outputImageStride, rectify: !hasNorms,
      output: w + z3)
    for branch in branches {
      let index = branch - branches.lowerBound
      let start = index * n * fc1.outputStride
      let drop = dropout.multipliers(
        pass, site: DropoutSite.fc1(branch: branch), count: n * fc1.outputStride, into: multipliers + start)
      if hasNorms {
        norms[index].bn3.forward(
          pass, rows3(n), input: Floats(w + z3 + start), multipliers: drop, output: w + h3 + start,
          outputImageStride: fc1.outputStride)
      } else if drop != nil {
        pass.kernels.rectify(
          rows3(n), input: Floats(w + z3 + start), scale: nil, shift: nil, multipliers: drop, output: w + h3 + start,
          outputImageStride: fc1.outputStride)
      }
    }
    fc2.forward(pass, rows: rows, input: Floats(w + h3), inputStride: fc1.outputStride, rectify: false, output: w + z4)
  }

  /// Evaluation: n images of one branch, from anywhere, to logits at the branch's place in `z4`.
  func evaluate(_ pass: Pass, branch: Int, count n: Int, images: Floats) {
    let w = pass.workspace
    let norm = norms.isEmpty ? nil : norms[branch - branches.lowerBound]
    conv1.forward(
      pass, images: n, input: images, folded: norm?.bn1.fold(pass), rectify: true, output: w + h1, winners: nil)
    conv2.forward(
      pass, images: n, input: Floats(w + h1), folded: norm?.bn2.fold(pass), rectify: true, output: w + h2,
      winners: nil)
    fc1.forward(
      pass, rows: n, input: Floats(w + h2), inputStride: conv2.shape.outputImageStride, folded: norm?.bn3.fold(pass),
      rectify: true, output: w + h3)
    fc2.forward(
      pass, rows: n, input: Floats(w + h3), inputStride: fc1.outputStride, rectify: false,
      output: w + logits(branch: branch, count: n))
  }

  /// The offset of a branch's logits, with n rows a branch.
  func logits(branch: Int, count n: Int) -> Int { z4 + (branch - branches.lowerBound) * n * fc2.outputStride }

  /// The offset of the gradient of a branch's logits.
  func logitGradients(branch: Int, count n: Int) -> Int {
    d4 + (branch - branches.lowerBound) * n * fc2.outputStride
  }

  /// From the gradient at `d4` back to the first convolution, changing each layer on the way.
  func backward(_ pass: Pass, count n: Int, keepScale: Float, descent: Descent) {
    let w = pass.workspace
    let rows = n * branches.count
    let hasNorms = !norms.isEmpty
    fc2.backward(
      pass, rows: rows, input: Floats(w + h3), inputStride: fc1.outputStride, outputGradient: Floats(w + d4),
      isGradientSparse: false,
      inputGradient: w + d3, inputGradientStride: fc1.outputStride, updatesBias: true, descent: descent)

    rectifyBackward(
      pass, .fc1, count: n, gradient: d3, output: h3, input: z3, keepScale: keepScale, descent: descent)
    fc1.backward(
      pass, rows: rows, input: Floats(w + h2), inputStride: conv2.shape.outputImageStride,
      outputGradient: Floats(w + d3), isGradientSparse: !hasNorms, inputGradient: w + d2,
      inputGradientStride: conv2.shape.outputImageStride,
      updatesBias: !hasNorms, descent: descent)

    rectifyBackward(
      pass, .conv2, count: n, gradient: d2, output: h2, input: z2, keepScale: 1, descent: descent)
    conv2.backward(
      pass, images: rows, input: Floats(w + h1), outputGradient: Floats(w + d2),
      winners: Integers(pass.integers + winners2), inputGradient: w + d1, updatesBias: !hasNorms, descent: descent)

    rectifyBackward(
      pass, .conv1, count: n, gradient: d1, output: h1, input: z1, keepScale: 1, descent: descent)
    conv1.backward(
      pass, images: rows, input: Floats(w + images), outputGradient: Floats(w + d1),
      winners: Integers(pass.integers + winners1), inputGradient: nil, updatesBias: !hasNorms, descent: descent)
  }

  /// The layers with batch norm and ReLU.
  private enum Rectified { case conv1, conv2, fc1 }

  private func rows(_ layer: Rectified, _ count: Int) -> RowShape {
    switch layer {
    case .conv1: rows1(count)
    case .conv2: rows2(count)
    case .fc1: rows3(count)
    }
  }

  private func norm(_ layer: Rectified, _ index: Int) -> BatchNorm {
    switch layer {
    case .conv1: norms[index].bn1
    case .conv2: norms[index].bn2
    case .fc1: norms[index].bn3
    }
  }

  /// The gradient at `gradient`, in place, behind dropout, ReLU and, branch by branch, batch norm.
  private func rectifyBackward(
    _ pass: Pass, _ layer: Rectified, count n: Int, gradient: Int, output: Int, input: Int, keepScale: Float,
    descent: Descent
  ) {
    let w = pass.workspace
    guard !norms.isEmpty else {
      let shape = rows(layer, n * branches.count)
      pass.kernels.rectifyBackward(
        shape, outputGradient: Floats(w + gradient), output: Floats(w + output), outputImageStride: shape.imageStride,
        keepScale: keepScale, inputGradient: w + gradient)
      return
    }
    let shape = rows(layer, n)
    for index in norms.indices {
      let start = index * n * shape.imageStride
      norm(layer, index).backward(
        pass, shape, outputGradient: Floats(w + gradient + start), output: Floats(w + output + start),
        outputImageStride: shape.imageStride, input: Floats(w + input + start), keepScale: keepScale,
        inputGradient: w + gradient + start, descent: descent)
    }
  }
}
