import KernelAPI

extension VectorKernels {
  public static func linearWeightGradient(
    rows: Int, inputs: Int, outputs: Int, input: Floats, inputStride: Int, outputGradient: Floats,
    outputGradientStride: Int, base: Floats, factor: Float, weights: MutableFloats
  ) {
    assert(inputs % laneCount == 0)
    // Tiles of outputs by vectors of inputs, so that a load feeds as many sums as there are registers.
    @inline(always) func columns<let C: Int>(_ from: Int, _ width: InlineArray<C, Bool>) {
      @inline(always) func tile<let R: Int>(_ output: Int, _ height: InlineArray<R, Bool>) {
        let offset = output * inputs + from
        outerProducts(
          height, width, rows, input + from, inputStride, outputGradient + output, outputGradientStride, base + offset,
          factor, weights + offset, inputs)
      }
      var output = 0
      #if WIDE
        while output + 8 <= outputs {
          tile(output, InlineArray<8, Bool>(repeating: true))
          output += 8
        }
      #endif
      while output + 4 <= outputs {
        tile(output, InlineArray<4, Bool>(repeating: true))
        output += 4
      }
      while output < outputs {
        tile(output, InlineArray<1, Bool>(repeating: true))
        output += 1
      }
    }
    var from = 0
    #if WIDE
      while from + 32 <= inputs {
        columns(from, InlineArray<2, Bool>(repeating: true))
        from += 32
      }
    #endif
    while from < inputs {
      columns(from, InlineArray<1, Bool>(repeating: true))
      from += 16
    }
  }

  /// weights ← base + factor · Σ gradient[row][r] · input[row][c], for R outputs and C vectors of inputs.
  @inline(never) static func outerProducts<let R: Int, let C: Int>(
    _: borrowing InlineArray<R, Bool>, _: borrowing InlineArray<C, Bool>, _ rows: Int, _ input: Floats,
    _ inputStride: Int, _ gradient: Floats, _ gradientStride: Int, _ base: Floats, _ factor: Float,
    _ weights: MutableFloats, _ weightStride: Int
  ) {
    var sums = Tile<R, C>(repeating: InlineArray<C, Vector>(repeating: .zero))
    for row in 0..<rows {
      var x = InlineArray<C, Vector>(repeating: .zero)
      for c in 0..<C { x[unchecked: c] = input.vector(row * inputStride + c * laneCount) }
      for r in 0..<R {
        let g = splat(gradient[row * gradientStride + r])
        for c in 0..<C {
          sums[unchecked: r][unchecked: c] = fma(g, x[unchecked: c], sums[unchecked: r][unchecked: c])
        }
      }
    }
    let factor = splat(factor)
    for r in 0..<R {
      for c in 0..<C {
        let offset = r * weightStride + c * laneCount
        weights.store(fma(factor, sums[unchecked: r][unchecked: c], base.vector(offset)), offset)
      }
    }
  }
}
