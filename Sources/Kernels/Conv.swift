import KernelAPI

/// Convolution with max-pooling: which form serves which shape.
///
/// | outputs before pooling | thin images                       | others                                  |
/// |------------------------|-----------------------------------|-----------------------------------------|
/// | whole 4x4 tiles        | forward by F(4, 3) along the rows | forward and backward by F(4x4, 3x3)     |
/// | any                    | forward direct                    | forward by F(2x2, 3x3), backward sparse |
extension VectorKernels {
  public static func convPackedCount(_ shape: ConvShape) -> Int {
    guard !shape.isThin else { return 0 }
    return ConvTiles(shape) != nil ? winograd4PackedCount(shape) : winogradPackedCount(shape)
  }

  public static func convWorkspaceCount(_ shape: ConvShape, images: Int) -> Int {
    guard let tiling = ConvTiles(shape) else {
      return shape.isThin ? 0 : max(winogradCount(shape), sparseCount(shape, images: images))
    }
    if shape.isThin { return thinWinogradCount(shape, tiling) }
    let tiles = images * tiling.count
    return max(winograd4ForwardCount(shape, tiles), winograd4BackwardCount(shape, tiles))
  }

  public static func convPack(_ shape: ConvShape, weights: Floats, packed: MutableFloats) {
    guard !shape.isThin else { return }
    if ConvTiles(shape) != nil {
      winograd4Pack(shape, weights, packed)
    } else {
      winogradPack(shape, weights, packed)
    }
  }

  public static func convForward(
    _ shape: ConvShape, images: Int, input: Floats, weights: Floats, packed: Floats, bias: Floats, scale: Floats?,
    shift: Floats?, rectify: Bool, output: MutableFloats, winners: MutableIntegers?, workspace: MutableFloats
  ) {
    let epilogue = PoolEpilogue(scale: scale, shift: shift, rectify: rectify)
    switch (ConvTiles(shape), shape.isThin) {
    case (let tiling?, true):
      thinWinogradForward(shape, tiling, images, input, weights, bias, epilogue, output, winners, workspace)
    case (nil, true):
      thinForward(shape, images, input, weights, bias, epilogue, output, winners)
    case (let tiling?, false):
      winograd4Forward(shape, tiling, images, input, packed, bias, epilogue, output, winners, workspace)
    case (nil, false):
      winogradForward(shape, images, input, packed, bias, epilogue, output, winners, workspace)
    }
  }

  public static func convWeightGradient(
    _ shape: ConvShape, images: Int, input: Floats, outputGradient: Floats, winners: Integers,
    gradient: MutableFloats, workspace: MutableFloats
  ) {
    if shape.isThin {
      thinWeightGradient(shape, images, input, outputGradient, winners, gradient)
    } else if let tiling = ConvTiles(shape) {
      winograd4WeightGradient(shape, tiling, images, input, outputGradient, winners, gradient, workspace)
    } else {
      sparseWeightGradient(shape, images, input, outputGradient, winners, gradient)
    }
  }

  public static func convInputGradient(
    _ shape: ConvShape, images: Int, weights: Floats, packed: Floats, outputGradient: Floats, winners: Integers,
    inputGradient: MutableFloats, workspace: MutableFloats
  ) {
    assert(!shape.isThin, "a thin input has no gradient")
    if let tiling = ConvTiles(shape) {
      winograd4InputGradient(shape, tiling, images, weights, inputGradient, workspace)
    } else {
      sparseInputGradient(shape, images, weights, outputGradient, winners, inputGradient, workspace)
    }
  }

  public static func convUpdate(
    _ shape: ConvShape, base: Floats, gradient: Floats, factor: Float, weights: MutableFloats,
    packed: MutableFloats?
  ) {
    let factor = splat(factor)
    for iIndex in 0..<(shape.weightCount / laneCount) {
      let i = iIndex * laneCount
      weights.store(fma(factor, gradient.vector(i), base.vector(i)), i)
    }
    if let packed { convPack(shape, weights: weights, packed: packed) }
  }
}
