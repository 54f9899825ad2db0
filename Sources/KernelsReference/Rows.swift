import KernelAPI

extension ReferenceKernels {
  public static func batchNormForward(
    _ shape: RowShape, input: Floats, weight: Floats, bias: Floats, epsilon: Float, momentum: Float,
    statistics: MutableFloats, runningMean: MutableFloats, runningVariance: MutableFloats, multipliers: Floats?,
    output: MutableFloats, outputImageStride: Int
  ) {
    let rows = Double(shape.images * shape.pixels)
    var mean = [Double](repeating: 0, count: shape.channels)
    var variance = mean
    shape.visit { image, pixel, channel in
      mean[channel] += Double(input[offset(shape, image, pixel) + channel]) / rows
    }
    shape.visit { image, pixel, channel in
      let deviation = Double(input[offset(shape, image, pixel) + channel]) - mean[channel]
      variance[channel] += deviation * deviation / rows
    }
    for channel in 0..<shape.channels {
      statistics[channel] = Float(mean[channel])
      statistics[shape.channels + channel] = Float(1 / (variance[channel] + Double(epsilon)).squareRoot())
      let momentum = Double(momentum)
      let unbiased = variance[channel] * rows / max(rows - 1, 1)
      runningMean[channel] = Float((1 - momentum) * Double(runningMean[channel]) + momentum * mean[channel])
      runningVariance[channel] = Float((1 - momentum) * Double(runningVariance[channel]) + momentum * unbiased)
    }
    shape.visit { image, pixel, channel in
      let z = Double(input[offset(shape, image, pixel) + channel])
      let normalised = (z - mean[channel]) / (variance[channel] + Double(epsilon)).squareRoot()
      let y = max(Double(weight[channel]) * normalised + Double(bias[channel]), 0)
      let multiplier = multipliers?[(image * shape.pixels + pixel) * shape.channels + channel] ?? 1
      output[offset(shape, image, pixel, imageStride: outputImageStride) + channel] = Float(y * Double(multiplier))
    }
  }

  public static func batchNormBackward(
    _ shape: RowShape, outputGradient: Floats, output: Floats, outputImageStride: Int, input: Floats,
    statistics: Floats, weight: Floats, keepScale: Float, inputGradient: MutableFloats, baseWeight: Floats,
    baseBias: Floats, factor: Float, newWeight: MutableFloats, newBias: MutableFloats
  ) {
    let rows = Double(shape.images * shape.pixels)
    func gradient(_ image: Int, _ pixel: Int, _ channel: Int) -> Double {
      let place = offset(shape, image, pixel, imageStride: outputImageStride) + channel
      return output[place] > 0 ? Double(outputGradient[place]) * Double(keepScale) : 0
    }
    func normalised(_ image: Int, _ pixel: Int, _ channel: Int) -> Double {
      (Double(input[offset(shape, image, pixel) + channel]) - Double(statistics[channel]))
        * Double(statistics[shape.channels + channel])
    }
    var gradients = [Double](repeating: 0, count: shape.channels)
    var products = gradients
    shape.visit { image, pixel, channel in
      gradients[channel] += gradient(image, pixel, channel)
      products[channel] += gradient(image, pixel, channel) * normalised(image, pixel, channel)
    }
    shape.visit { image, pixel, channel in
      let scale = Double(weight[channel]) * Double(statistics[shape.channels + channel])
      let centred =
        gradient(image, pixel, channel) - gradients[channel] / rows
        - normalised(image, pixel, channel) * products[channel] / rows
      inputGradient[offset(shape, image, pixel) + channel] = Float(scale * centred)
    }
    for channel in 0..<shape.channels {
      newWeight[channel] = Float(Double(baseWeight[channel]) + Double(factor) * products[channel])
      newBias[channel] = Float(Double(baseBias[channel]) + Double(factor) * gradients[channel])
    }
  }

  public static func batchNormFold(
    channels: Int, weight: Floats, bias: Floats, runningMean: Floats, runningVariance: Floats, epsilon: Float,
    scale: MutableFloats, shift: MutableFloats
  ) {
    for channel in 0..<channels {
      let factor = Double(weight[channel]) / (Double(runningVariance[channel]) + Double(epsilon)).squareRoot()
      scale[channel] = Float(factor)
      shift[channel] = Float(Double(bias[channel]) - factor * Double(runningMean[channel]))
    }
  }

  public static func rectify(
    _ shape: RowShape, input: Floats, scale: Floats?, shift: Floats?, multipliers: Floats?, output: MutableFloats,
    outputImageStride: Int
  ) {
    shape.visit { image, pixel, channel in
      var value = Double(input[offset(shape, image, pixel) + channel])
      if let scale, let shift { value = Double(scale[channel]) * value + Double(shift[channel]) }
      let multiplier = multipliers?[(image * shape.pixels + pixel) * shape.channels + channel] ?? 1
      output[offset(shape, image, pixel, imageStride: outputImageStride) + channel] =
        Float(max(value, 0) * Double(multiplier))
    }
  }

  public static func rectifyBackward(
    _ shape: RowShape, outputGradient: Floats, output: Floats, outputImageStride: Int, keepScale: Float,
    inputGradient: MutableFloats
  ) {
    shape.visit { image, pixel, channel in
      let place = offset(shape, image, pixel, imageStride: outputImageStride) + channel
      inputGradient[offset(shape, image, pixel) + channel] = output[place] > 0 ? outputGradient[place] * keepScale : 0
    }
  }

  public static func biasUpdate(
    _ shape: RowShape, gradient: Floats, base: Floats, factor: Float, bias: MutableFloats
  ) {
    var sums = [Double](repeating: 0, count: shape.channels)
    shape.visit { image, pixel, channel in sums[channel] += Double(gradient[offset(shape, image, pixel) + channel]) }
    for channel in 0..<shape.channels {
      bias[channel] = Float(Double(base[channel]) + Double(factor) * sums[channel])
    }
  }
}
