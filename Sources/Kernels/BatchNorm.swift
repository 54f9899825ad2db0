import KernelAPI

extension VectorKernels {
  public static func batchNormForward(
    _ shape: RowShape, input: Floats, weight: Floats, bias: Floats, epsilon: Float, momentum: Float,
    statistics: MutableFloats, runningMean: MutableFloats, runningVariance: MutableFloats, multipliers: Floats?,
    output: MutableFloats, outputImageStride: Int
  ) {
    let rows = shape.images * shape.pixels
    let perRow = splat(1 / Float(rows))
    let unbiased = splat(Float(rows) / Float(max(rows - 1, 1)))
    let old = splat(1 - momentum)
    let new = splat(momentum)
    for channel in stride(from: 0, to: shape.channels, by: laneCount) {
      let mean = sum(shape, input, channel) * perRow
      let variance = squaredDeviations(shape, input, mean, channel) * perRow
      let inverseDeviation = inverseSquareRoot(variance + splat(epsilon))
      statistics.store(mean, channel)
      statistics.store(inverseDeviation, shape.channels + channel)
      runningMean.store(fma(new, mean, old * runningMean.vector(channel)), channel)
      runningVariance.store(fma(new, variance * unbiased, old * runningVariance.vector(channel)), channel)

      let scale = weight.vector(channel) * inverseDeviation
      let shift = fma(splat(0) - mean, scale, bias.vector(channel))
      affineRectify(shape, input, scale, shift, multipliers, output, outputImageStride, channel)
    }
  }

  @inline(always) static func sum(_ shape: RowShape, _ values: Floats, _ channel: Int) -> Vector {
    let rows = shape.images * shape.pixels
    var cursor = RowCursor(shape, imageStride: shape.imageStride, channel: channel)
    var partials = Partials()
    for _ in 0..<(rows / 4) {
      for index in 0..<4 { partials.add(values.vector(cursor.next()), index) }
    }
    for _ in 0..<(rows % 4) { partials.add(values.vector(cursor.next()), 0) }
    return partials.total
  }

  @inline(always) static func squaredDeviations(
    _ shape: RowShape, _ values: Floats, _ mean: Vector, _ channel: Int
  ) -> Vector {
    let rows = shape.images * shape.pixels
    var cursor = RowCursor(shape, imageStride: shape.imageStride, channel: channel)
    var partials = Partials()
    for _ in 0..<(rows / 4) {
      for index in 0..<4 {
        let deviation = values.vector(cursor.next()) - mean
        partials.add(deviation, times: deviation, index)
      }
    }
    for _ in 0..<(rows % 4) {
      let deviation = values.vector(cursor.next()) - mean
      partials.add(deviation, times: deviation, 0)
    }
    return partials.total
  }

  /// y = max(fma(scale, z, shift), 0) · multiplier, for one vector of channels.
  @inline(always) static func affineRectify(
    _ shape: RowShape, _ input: Floats, _ scale: Vector, _ shift: Vector, _ multipliers: Floats?,
    _ output: MutableFloats, _ outputImageStride: Int, _ channel: Int
  ) {
    let rows = shape.images * shape.pixels
    var source = RowCursor(shape, imageStride: shape.imageStride, channel: channel)
    var destination = RowCursor(shape, imageStride: outputImageStride, channel: channel)
    if let multipliers {
      for row in 0..<rows {
        let value = rectified(fma(scale, input.vector(source.next()), shift))
        output.store(value * multipliers.vector(row * shape.channels + channel), destination.next())
      }
    } else {
      for _ in 0..<rows {
        output.store(rectified(fma(scale, input.vector(source.next()), shift)), destination.next())
      }
    }
  }

  public static func batchNormBackward(
    _ shape: RowShape, outputGradient: Floats, output: Floats, outputImageStride: Int, input: Floats,
    statistics: Floats, weight: Floats, keepScale: Float, inputGradient: MutableFloats, baseWeight: Floats,
    baseBias: Floats, factor: Float, newWeight: MutableFloats, newBias: MutableFloats
  ) {
    let rows = shape.images * shape.pixels
    let perRow = splat(1 / Float(rows))
    let keepScale = splat(keepScale)
    let factor = splat(factor)
    for channel in stride(from: 0, to: shape.channels, by: laneCount) {
      let mean = statistics.vector(channel)
      let inverseDeviation = statistics.vector(shape.channels + channel)
      /// The gradient behind dropout and ReLU.
      @inline(always) func gradient(_ offset: Int) -> Vector {
        (outputGradient.vector(offset) * keepScale)
          .replacing(with: Vector.zero, where: output.vector(offset) .<= Vector.zero)
      }
      @inline(always) func normalised(_ offset: Int) -> Vector { (input.vector(offset) - mean) * inverseDeviation }

      var outer = RowCursor(shape, imageStride: outputImageStride, channel: channel)
      var inner = RowCursor(shape, imageStride: shape.imageStride, channel: channel)
      var gradients = Partials()
      var products = Partials()
      for _ in 0..<(rows / 4) {
        for index in 0..<4 {
          let g = gradient(outer.next())
          gradients.add(g, index)
          products.add(g, times: normalised(inner.next()), index)
        }
      }
      for _ in 0..<(rows % 4) {
        let g = gradient(outer.next())
        gradients.add(g, 0)
        products.add(g, times: normalised(inner.next()), 0)
      }
      let biasGradient = gradients.total
      let weightGradient = products.total

      // dz = γ/√(σ² + ε) · (g − mean g − x̂ · mean(g · x̂))
      let scale = weight.vector(channel) * inverseDeviation
      let meanGradient = biasGradient * perRow
      let meanProduct = splat(0) - weightGradient * perRow
      outer = RowCursor(shape, imageStride: outputImageStride, channel: channel)
      inner = RowCursor(shape, imageStride: shape.imageStride, channel: channel)
      for _ in 0..<rows {
        let offset = inner.next()
        let centred = gradient(outer.next()) - meanGradient
        inputGradient.store(scale * fma(normalised(offset), meanProduct, centred), offset)
      }
      newWeight.store(fma(factor, weightGradient, baseWeight.vector(channel)), channel)
      newBias.store(fma(factor, biasGradient, baseBias.vector(channel)), channel)
    }
  }

  public static func batchNormFold(
    channels: Int, weight: Floats, bias: Floats, runningMean: Floats, runningVariance: Floats, epsilon: Float,
    scale: MutableFloats, shift: MutableFloats
  ) {
    for channel in stride(from: 0, to: channels, by: laneCount) {
      let factor = weight.vector(channel) * inverseSquareRoot(runningVariance.vector(channel) + splat(epsilon))
      scale.store(factor, channel)
      shift.store(fma(splat(0) - runningMean.vector(channel), factor, bias.vector(channel)), channel)
    }
  }
}
