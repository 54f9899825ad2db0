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

  public static func sparseGemm(
    rows: Int, inner: Int, columns: Int, a: Floats, aStride: Int, b: Floats, bStride: Int, bias: Floats?,
    scale: Floats?, shift: Floats?, rectify: Bool, output: MutableFloats, outputStride: Int
  ) {
    gemm(
      rows: rows, inner: inner, columns: columns, a: a, aStride: aStride, b: b, bStride: bStride, bias: bias,
      scale: scale, shift: shift, rectify: rectify, output: output, outputStride: outputStride)
  }

  public static func outer(
    rows: Int, m: Int, n: Int, a: Floats, aStride: Int, b: Floats, bStride: Int, base: Floats, factor: Float,
    output: MutableFloats
  ) {
    for i in 0..<m {
      for j in 0..<n {
        let sum = (0..<rows).reduce(0.0) { $0 + Double(a[$1 * aStride + i]) * Double(b[$1 * bStride + j]) }
        output[i * n + j] = Float(Double(base[i * n + j]) + Double(factor) * sum)
      }
    }
  }

  public static func sparseOuter(
    rows: Int, m: Int, n: Int, a: Floats, aStride: Int, b: Floats, bStride: Int, base: Floats, factor: Float,
    output: MutableFloats
  ) {
    outer(
      rows: rows, m: m, n: n, a: a, aStride: aStride, b: b, bStride: bStride, base: base, factor: factor,
      output: output)
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
