import KernelAPI

/// Convolution with max-pooling: which form serves which shape.
extension VectorKernels {
  public static func convPackedCount(_ shape: ConvShape) -> Int {
    shape.isThin ? 0 : (16 + 9) * shape.inputPixelStride * shape.outputPixelStride
  }

  public static func convWorkspaceCount(_ shape: ConvShape, images: Int) -> Int {
    guard !shape.isThin else { return 0 }
    let tiles = 16 * winogradTiles * (shape.inputPixelStride + shape.outputPixelStride)
    let masks =
      min(images, inputGradientImages) * shape.pooledHeight * shape.pooledWidth * 4
      * ((shape.outputPixelStride + 63) / 64) * 2
    return max(tiles, masks)
  }

  public static func convPack(_ shape: ConvShape, weights: Floats, packed: MutableFloats) {
    if !shape.isThin { winogradPack(shape, weights, packed) }
  }

  public static func convForward(
    _ shape: ConvShape, images: Int, input: Floats, weights: Floats, packed: Floats, bias: Floats, scale: Floats?,
    shift: Floats?, rectify: Bool, output: MutableFloats, winners: MutableIntegers?, workspace: MutableFloats
  ) {
    let epilogue = PoolEpilogue(scale: scale, shift: shift, rectify: rectify)
    if shape.isThin {
      thinForward(shape, images, input, weights, bias, epilogue, output, winners)
    } else {
      winogradForward(shape, images, input, packed, bias, epilogue, output, winners, workspace)
    }
  }

  public static func convWeightGradient(
    _ shape: ConvShape, images: Int, input: Floats, outputGradient: Floats, winners: Integers,
    gradient: MutableFloats, workspace: MutableFloats
  ) {
    if shape.isThin {
      thinWeightGradient(shape, images, input, outputGradient, winners, gradient)
    } else {
      sparseWeightGradient(shape, images, input, outputGradient, winners, gradient)
    }
  }

  public static func convInputGradient(
    _ shape: ConvShape, images: Int, weights: Floats, packed: Floats, outputGradient: Floats, winners: Integers,
    inputGradient: MutableFloats, workspace: MutableFloats
  ) {
    assert(!shape.isThin, "a thin input has no gradient")
    sparseInputGradient(shape, images, weights, outputGradient, winners, inputGradient, workspace)
  }

  public static func convUpdate(
    _ shape: ConvShape, base: Floats, gradient: Floats, factor: Float, weights: MutableFloats,
    packed: MutableFloats?
  ) {
    let factor = splat(factor)
    for i in stride(from: 0, to: shape.weightCount, by: laneCount) {
      weights.store(fma(factor, gradient.vector(i), base.vector(i)), i)
    }
    if let packed { convPack(shape, weights: weights, packed: packed) }
  }
}
