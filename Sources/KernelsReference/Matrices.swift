import KernelAPI

extension ReferenceKernels {
  public static func gemm(
    rows: Int, inner: Int, columns: Int, a: Floats, aStride: Int, b: Floats, bStride: Int, bias: Floats?,
    scale: Floats?, shift: Floats?, rectify: Bool, output: MutableFloats, outputStride: Int
  ) {
    for row in 0..<rows {
      for column in 0..<columns {
        var sum = bias.map { Double($0[column]) } ?? 0
        for k in 0..<inner { sum += Double(a[row * aStride + k]) * Double(b[k * bStride + column]) }
        if let scale, let shift { sum = Double(scale[column]) * sum + Double(shift[column]) }
        output[row * outputStride + column] = Float(rectify ? max(sum, 0) : sum)
      }
    }
  }

  public static func linearWeightGradient(
    rows: Int, inputs: Int, outputs: Int, input: Floats, inputStride: Int, outputGradient: Floats,
    outputGradientStride: Int, base: Floats, factor: Float, weights: MutableFloats
  ) {
    for output in 0..<outputs {
      for i in 0..<inputs {
        var sum = 0.0
        for row in 0..<rows {
          sum += Double(outputGradient[row * outputGradientStride + output]) * Double(input[row * inputStride + i])
        }
        weights[output * inputs + i] = Float(Double(base[output * inputs + i]) + Double(factor) * sum)
      }
    }
  }

  public static func transpose(
    rows: Int, columns: Int, source: Floats, sourceStride: Int, destination: MutableFloats, destinationStride: Int
  ) {
    for row in 0..<rows {
      for column in 0..<columns {
        destination[column * destinationStride + row] = source[row * sourceStride + column]
      }
    }
  }
}
