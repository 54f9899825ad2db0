import KernelAPI

extension VectorKernels {
  public static func rectify(
    _ shape: RowShape, input: Floats, scale: Floats?, shift: Floats?, multipliers: Floats?, output: MutableFloats,
    outputImageStride: Int
  ) {
    for channel in stride(from: 0, to: shape.channels, by: laneCount) {
      if let scale, let shift {
        affineRectify(
          shape, input, scale.vector(channel), shift.vector(channel), multipliers, output, outputImageStride, channel)
      } else {
        // fma(1, z, 0) is z, but for −0, which becomes 0 and is rectified to the same 0.
        affineRectify(shape, input, splat(1), Vector.zero, multipliers, output, outputImageStride, channel)
      }
    }
  }

  public static func rectifyBackward(
    _ shape: RowShape, outputGradient: Floats, output: Floats, outputImageStride: Int, keepScale: Float,
    inputGradient: MutableFloats
  ) {
    let keepScale = splat(keepScale)
    let rows = shape.images * shape.pixels
    for channel in stride(from: 0, to: shape.channels, by: laneCount) {
      var outer = RowCursor(shape, imageStride: outputImageStride, channel: channel)
      var inner = RowCursor(shape, imageStride: shape.imageStride, channel: channel)
      for _ in 0..<rows {
        let offset = outer.next()
        let gradient = (outputGradient.vector(offset) * keepScale)
          .replacing(with: Vector.zero, where: output.vector(offset) .<= Vector.zero)
        inputGradient.store(gradient, inner.next())
      }
    }
  }

  public static func biasUpdate(
    _ shape: RowShape, gradient: Floats, base: Floats, factor: Float, bias: MutableFloats
  ) {
    for channel in stride(from: 0, to: shape.channels, by: laneCount) {
      bias.store(fma(splat(factor), sum(shape, gradient, channel), base.vector(channel)), channel)
    }
  }
}
