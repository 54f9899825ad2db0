import KernelAPI

extension ConvShape {
  /// Calls `body` for every (output row, output column, output channel) of the pooled output.
  fileprivate func forEachOutput(_ body: (_ y: Int, _ x: Int, _ k: Int) -> Void) {
    for y in 0..<pooledHeight { for x in 0..<pooledWidth { for k in 0..<outputChannels { body(y, x, k) } } }
  }

  /// Calls `body` for every (row, column, input channel) of the 3x3 taps.
  fileprivate func forEachTap(_ body: (_ r: Int, _ s: Int, _ c: Int) -> Void) {
    for r in 0..<3 { for s in 0..<3 { for c in 0..<inputChannels { body(r, s, c) } } }
  }

  fileprivate func input(_ image: Int, _ y: Int, _ x: Int, _ c: Int) -> Int {
    image * inputImageStride + (y * width + x) * inputPixelStride + c * inputChannelStride
  }

  fileprivate func output(_ image: Int, _ y: Int, _ x: Int, _ k: Int) -> Int {
    image * outputImageStride + (y * pooledWidth + x) * outputPixelStride + k
  }

  fileprivate func weight(_ k: Int, _ r: Int, _ s: Int, _ c: Int) -> Int {
    isThin
      ? ((r * 3 + s) * inputChannels + c) * outputPixelStride + k : ((k * 3 + r) * 3 + s) * inputPixelStride + c
  }
}

extension ReferenceKernels {
  public static func convPackedCount(_ shape: ConvShape) -> Int { 0 }
  public static func convWorkspaceCount(_ shape: ConvShape, images: Int) -> Int { 0 }
  public static func convPack(_ shape: ConvShape, weights: Floats, packed: MutableFloats) {}

  public static func convForward(
    _ shape: ConvShape, images: Int, input: Floats, weights: Floats, packed: Floats, bias: Floats, scale: Floats?,
    shift: Floats?, rectify: Bool, output: MutableFloats, winners: MutableIntegers?, workspace: MutableFloats
  ) {
    for image in 0..<images {
      shape.forEachOutput { y, x, k in
        var best = -Double.infinity
        var winner = 0
        for position in 0..<4 {
          var sum = Double(bias[k])
          shape.forEachTap { r, s, c in
            let value = input[shape.input(image, 2 * y + position / 2 + r, 2 * x + position % 2 + s, c)]
            sum += Double(value) * Double(weights[shape.weight(k, r, s, c)])
          }
          if sum > best {
            best = sum
            winner = position
          }
        }
        if let scale, let shift { best = Double(scale[k]) * best + Double(shift[k]) }
        output[shape.output(image, y, x, k)] = Float(rectify ? max(best, 0) : best)
        winners?[shape.output(image, y, x, k)] = Int32(winner)
      }
    }
  }

  public static func convWeightGradient(
    _ shape: ConvShape, images: Int, input: Floats, outputGradient: Floats, winners: Integers,
    gradient: MutableFloats, workspace: MutableFloats
  ) {
    for i in 0..<shape.weightCount { gradient[i] = 0 }
    for k in 0..<shape.outputChannels {
      shape.forEachTap { r, s, c in
        var sum = 0.0
        for image in 0..<images {
          for y in 0..<shape.pooledHeight {
            for x in 0..<shape.pooledWidth {
              let target = shape.output(image, y, x, k)
              let winner = Int(winners[target])
              let value = input[shape.input(image, 2 * y + winner / 2 + r, 2 * x + winner % 2 + s, c)]
              sum += Double(outputGradient[target]) * Double(value)
            }
          }
        }
        gradient[shape.weight(k, r, s, c)] = Float(sum)
      }
    }
  }

  public static func convInputGradient(
    _ shape: ConvShape, images: Int, weights: Floats, packed: Floats, outputGradient: Floats, winners: Integers,
    inputGradient: MutableFloats, workspace: MutableFloats
  ) {
    let count = shape.height * shape.width * shape.inputPixelStride
    for image in 0..<images {
      var sums = [Double](repeating: 0, count: count)
      shape.forEachOutput { y, x, k in
        let target = shape.output(image, y, x, k)
        let winner = Int(winners[target])
        shape.forEachTap { r, s, c in
          sums[shape.input(0, 2 * y + winner / 2 + r, 2 * x + winner % 2 + s, c)] +=
            Double(outputGradient[target]) * Double(weights[shape.weight(k, r, s, c)])
        }
      }
      for i in 0..<count { inputGradient[image * shape.inputImageStride + i] = Float(sums[i]) }
    }
  }

  public static func convUpdate(
    _ shape: ConvShape, base: Floats, gradient: Floats, factor: Float, weights: MutableFloats,
    packed: MutableFloats?
  ) {
    for i in 0..<shape.weightCount { weights[i] = Float(Double(base[i]) + Double(factor) * Double(gradient[i])) }
  }
}
