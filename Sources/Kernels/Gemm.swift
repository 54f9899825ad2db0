import KernelAPI

/// What `gemm` does with a finished sum.
struct Epilogue {
  var scale: Floats?
  var shift: Floats?
  var rectify: Bool

  @inline(always) var isNeeded: Bool { rectify || scale != nil }

  /// Replaces `count` vectors of stored sums, of which the first is column `column`.
  @inline(always) func apply(_ sums: MutableFloats, _ column: Int, _ count: Int) {
    for c in 0..<count { sums.store(self(sums.vector(c * laneCount), column + c * laneCount), c * laneCount) }
  }

  @inline(always) func callAsFunction(_ sum: Vector, _ column: Int) -> Vector {
    var value = sum
    if let scale, let shift { value = fma(scale.vector(column), value, shift.vector(column)) }
    return rectify ? rectified(value) : value
  }
}

extension VectorKernels {
  // MR rows by NR vectors a tile. AVX-512 has 32 registers: 5 x 5 sums, 5 vectors of b and a broadcast make 31; the 13
  // vectors of 200 units fall into 5 + 4 + 4. AVX2 has 16 registers, and a vector takes two: 5 x 1 sums make 10.
  #if WIDE
    static let columnTileMax = 5
  #else
    static let columnTileMax = 1
  #endif
  static let rowTileMax = 5

  public static func gemm(
    rows: Int, inner: Int, columns: Int, a: Floats, aStride: Int, b: Floats, bStride: Int, bias: Floats?,
    scale: Floats?, shift: Floats?, rectify: Bool, output: MutableFloats, outputStride: Int
  ) {
    assert(columns % laneCount == 0)
    let epilogue = Epilogue(scale: scale, shift: shift, rectify: rectify)
    var column = 0
    while column < columns {
      let left = (columns - column) / laneCount
      let width = left == columnTileMax ? left : min(left, max(columnTileMax - 1, 1))
      var row = 0
      while row < rows {
        let height = min(rows - row, rowTileMax)
        gemmTile(
          height, width, inner, a + row * aStride, aStride, b + column, bStride, bias.map { $0 + column }, column,
          epilogue, output + (row * outputStride + column), outputStride)
        row += height
      }
      column += width * laneCount
    }
  }

  /// One tile of at most `rowTileMax` rows and `columnTileMax` vectors.
  @inline(always) static func gemmTile(
    _ height: Int, _ width: Int, _ inner: Int, _ a: Floats, _ aStride: Int, _ b: Floats, _ bStride: Int,
    _ bias: Floats?, _ column: Int, _ epilogue: Epilogue, _ output: MutableFloats, _ outputStride: Int
  ) {
    @inline(always) func tall<let C: Int>(_ width: InlineArray<C, Bool>) {
      switch height {
      case 5:
        gemmKernel(
          InlineArray<5, Bool>(repeating: true), width, inner, a, aStride, b, bStride, bias, column, epilogue, output,
          outputStride)
      case 4:
        gemmKernel(
          InlineArray<4, Bool>(repeating: true), width, inner, a, aStride, b, bStride, bias, column, epilogue, output,
          outputStride)
      case 3:
        gemmKernel(
          InlineArray<3, Bool>(repeating: true), width, inner, a, aStride, b, bStride, bias, column, epilogue, output,
          outputStride)
      case 2:
        gemmKernel(
          InlineArray<2, Bool>(repeating: true), width, inner, a, aStride, b, bStride, bias, column, epilogue, output,
          outputStride)
      default:
        gemmKernel(
          InlineArray<1, Bool>(repeating: true), width, inner, a, aStride, b, bStride, bias, column, epilogue, output,
          outputStride)
      }
    }
    #if WIDE
      switch width {
      case 5: tall(InlineArray<5, Bool>(repeating: true))
      case 4: tall(InlineArray<4, Bool>(repeating: true))
      case 3: tall(InlineArray<3, Bool>(repeating: true))
      case 2: tall(InlineArray<2, Bool>(repeating: true))
      default: tall(InlineArray<1, Bool>(repeating: true))
      }
    #else
      tall(InlineArray<1, Bool>(repeating: true))
    #endif
  }

  /// R rows by C vectors of the product, each a chain of fma over the inner index.
  @inline(never) static func gemmKernel<let R: Int, let C: Int>(
    _: borrowing InlineArray<R, Bool>, _: borrowing InlineArray<C, Bool>, _ inner: Int, _ a: Floats, _ aStride: Int,
    _ b: Floats, _ bStride: Int, _ bias: Floats?, _ column: Int, _ epilogue: Epilogue, _ output: MutableFloats,
    _ outputStride: Int
  ) {
    var sums = Tile<R, C>(repeating: InlineArray<C, Vector>(repeating: .zero))
    if let bias {
      for r in 0..<R { for c in 0..<C { sums[unchecked: r][unchecked: c] = bias.vector(c * laneCount) } }
    }
    for k in 0..<inner {
      var row = InlineArray<C, Vector>(repeating: .zero)
      for c in 0..<C { row[unchecked: c] = b.vector(k * bStride + c * laneCount) }
      for r in 0..<R {
        let factor = splat(a[r * aStride + k])
        for c in 0..<C {
          sums[unchecked: r][unchecked: c] = fma(factor, row[unchecked: c], sums[unchecked: r][unchecked: c])
        }
      }
    }
    // Only loops as plain as this are unrolled, and keep the sums in registers.
    for r in 0..<R {
      for c in 0..<C { output.store(sums[unchecked: r][unchecked: c], r * outputStride + c * laneCount) }
    }
    if epilogue.isNeeded {
      for r in 0..<R { epilogue.apply(output + r * outputStride, column, C) }
    }
  }
}
