import KernelAPI

extension VectorKernels {
  public static func outer(
    rows: Int, m: Int, n: Int, a: Floats, aStride: Int, b: Floats, bStride: Int, base: Floats, factor: Float,
    output: MutableFloats
  ) {
    assert(n % laneCount == 0)
    // Tiles of values of a by vectors of b, so that a load feeds as many sums as there are registers.
    @inline(always) func columns<let C: Int>(_ from: Int, _ width: borrowing InlineArray<C, Bool>) {
      var i = 0
      #if WIDE
        while i + 8 <= m {
          outerTile(
            InlineArray<8, Bool>(repeating: true), width, rows, a + i, aStride, b + from, bStride,
            base + (i * n + from), factor, output + (i * n + from), n)
          i += 8
        }
      #endif
      while i + 4 <= m {
        outerTile(
          InlineArray<4, Bool>(repeating: true), width, rows, a + i, aStride, b + from, bStride,
          base + (i * n + from), factor, output + (i * n + from), n)
        i += 4
      }
      while i < m {
        outerTile(
          InlineArray<1, Bool>(repeating: true), width, rows, a + i, aStride, b + from, bStride,
          base + (i * n + from), factor, output + (i * n + from), n)
        i += 1
      }
    }
    var from = 0
    #if WIDE
      while from + 32 <= n {
        columns(from, InlineArray<2, Bool>(repeating: true))
        from += 32
      }
    #endif
    while from < n {
      columns(from, InlineArray<1, Bool>(repeating: true))
      from += 16
    }
  }

  /// R values of a by C vectors of b.
  @inline(never) private static func outerTile<let R: Int, let C: Int>(
    _: borrowing InlineArray<R, Bool>, _: borrowing InlineArray<C, Bool>, _ rows: Int, _ a: Floats, _ aStride: Int,
    _ b: Floats, _ bStride: Int, _ base: Floats, _ factor: Float, _ output: MutableFloats, _ outputStride: Int
  ) {
    var sums = Tile<R, C>(repeating: InlineArray<C, Vector>(repeating: .zero))
    for row in 0..<rows {
      var x = InlineArray<C, Vector>(repeating: .zero)
      for c in 0..<C { x[unchecked: c] = b.vector(row * bStride + c * laneCount) }
      for r in 0..<R {
        let value = splat(a[row * aStride + r])
        for c in 0..<C {
          sums[unchecked: r][unchecked: c] = fma(value, x[unchecked: c], sums[unchecked: r][unchecked: c])
        }
      }
    }
    let factor = splat(factor)
    for r in 0..<R {
      for c in 0..<C {
        let offset = r * outputStride + c * laneCount
        output.store(fma(factor, sums[unchecked: r][unchecked: c], base.vector(offset)), offset)
      }
    }
  }
}
