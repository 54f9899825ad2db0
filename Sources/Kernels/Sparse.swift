import KernelAPI

/// Products with a matrix of which about half is zero, as it is behind a ReLU: only the others are multiplied.
///
/// A dense tile uses each load several times; here every product loads its own, from the level-1 cache. With a load a
/// cycle for each fused multiply-add both take the same time a product, and half of the products are left out. The bits
/// are the same, because fma(0, x, sum) is the sum for every finite x.
extension VectorKernels {
  /// Rows of b that stay in the level-1 cache: 32 · 208 floats are 26 KB.
  private static let panel = 32

  public static func sparseGemm(
    rows: Int, inner: Int, columns: Int, a: Floats, aStride: Int, b: Floats, bStride: Int, bias: Floats?,
    scale: Floats?, shift: Floats?, rectify: Bool, output: MutableFloats, outputStride: Int
  ) {
    assert(columns % laneCount == 0)
    let epilogue = Epilogue(scale: scale, shift: shift, rectify: rectify)
    @inline(always) func columnTile<let C: Int>(_ column: Int, _ width: borrowing InlineArray<C, Bool>) {
      for first in stride(from: 0, to: max(inner, 1), by: panel) {
        sparsePanel(
          width, rows, min(panel, inner - first), a + first, aStride, b + (first * bStride + column), bStride,
          first == 0, bias.map { $0 + column }, first + panel >= inner, epilogue, column, output + column,
          outputStride)
      }
    }
    // Sums in registers: with AVX-512 up to 16 of 32; with AVX2, where a vector takes two of 16, up to 5.
    var column = 0
    while column < columns {
      let left = (columns - column) / laneCount
      #if WIDE
        switch left {
        case 16...: columnTile(column, InlineArray<16, Bool>(repeating: true))
        case 13...: columnTile(column, InlineArray<13, Bool>(repeating: true))
        case 8...: columnTile(column, InlineArray<8, Bool>(repeating: true))
        case 4...: columnTile(column, InlineArray<4, Bool>(repeating: true))
        default: columnTile(column, InlineArray<1, Bool>(repeating: true))
        }
        column += (left >= 16 ? 16 : left >= 13 ? 13 : left >= 8 ? 8 : left >= 4 ? 4 : 1) * laneCount
      #else
        switch left {
        case 5...: columnTile(column, InlineArray<5, Bool>(repeating: true))
        case 4: columnTile(column, InlineArray<4, Bool>(repeating: true))
        default: columnTile(column, InlineArray<1, Bool>(repeating: true))
        }
        column += (left >= 5 ? 5 : left >= 4 ? 4 : 1) * laneCount
      #endif
    }
  }

  /// Adds a (rows, at most 32) times b to C vectors of the output, or begins it.
  @inline(never) private static func sparsePanel<let C: Int>(
    _: borrowing InlineArray<C, Bool>, _ rows: Int, _ inner: Int, _ a: Floats, _ aStride: Int, _ b: Floats,
    _ bStride: Int, _ begins: Bool, _ bias: Floats?, _ ends: Bool, _ epilogue: Epilogue, _ column: Int,
    _ output: MutableFloats, _ outputStride: Int
  ) {
    // All masks first: the end of each row's loop is mispredicted, and the next row should then begin at once.
    var masks = InlineArray<64, UInt32>(repeating: 0)
    for first in stride(from: 0, to: rows, by: 64) {
      let count = min(64, rows - first)
      for row in 0..<count { masks[unchecked: row] = nonzero(a + (first + row) * aStride, inner) }
      for row in 0..<count {
        let factors = a + (first + row) * aStride
        let target = output + (first + row) * outputStride
        var sums = InlineArray<C, Vector>(repeating: .zero)
        if !begins {
          for c in 0..<C { sums[unchecked: c] = target.vector(c * laneCount) }
        } else if let bias {
          for c in 0..<C { sums[unchecked: c] = bias.vector(c * laneCount) }
        }
        var bits = masks[unchecked: row]
        while bits != 0 {
          let k = bits.trailingZeroBitCount
          bits &= bits &- 1
          let factor = splat(factors[k])
          let source = b + k * bStride
          for c in 0..<C { sums[unchecked: c] = fma(factor, source.vector(c * laneCount), sums[unchecked: c]) }
        }
        // Only loops as plain as this are unrolled, and keep the sums in registers.
        for c in 0..<C { target.store(sums[unchecked: c], c * laneCount) }
        if ends && epilogue.isNeeded { epilogue.apply(target, column, C) }
      }
    }
  }

  /// Bit i says that value i of at most 32 is not zero.
  @inline(always) private static func nonzero(_ values: Floats, _ count: Int) -> UInt32 {
    guard count == 32 else {
      var bits: UInt32 = 0
      for i in 0..<count where values[i] != 0 { bits |= 1 &<< UInt32(truncatingIfNeeded: i) }
      return bits
    }
    let low = powers.replacing(with: IntegerVector.zero, where: values.vector(0) .== Vector.zero)
    let high = (powers &<< IntegerVector(repeating: 16)).replacing(
      with: IntegerVector.zero, where: values.vector(16) .== Vector.zero)
    let sixteen = low | high
    let eight = sixteen.lowHalf | sixteen.highHalf
    let four = eight.lowHalf | eight.highHalf
    let two = four.lowHalf | four.highHalf
    return UInt32(bitPattern: two[0] | two[1])
  }

  /// 1 << lane.
  @inline(always) private static var powers: IntegerVector {
    IntegerVector(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
  }

  public static func sparseOuter(
    rows: Int, m: Int, n: Int, a: Floats, aStride: Int, b: Floats, bStride: Int, base: Floats, factor: Float,
    output: MutableFloats
  ) {
    assert(n % laneCount == 0)
    // A column of a has a bit a row in one word.
    guard m % laneCount == 0 && rows <= 64 else {
      outer(
        rows: rows, m: m, n: n, a: a, aStride: aStride, b: b, bStride: bStride, base: base, factor: factor,
        output: output)
      return
    }
    // Tiles of equal width, narrow enough that fifty rows of b stay in the level-1 cache: 50 · 7 · 16 floats are 22 KB.
    #if WIDE
      let widest = 8
    #else
      let widest = 5
    #endif
    let vectors = n / laneCount
    let width = (vectors + (vectors + widest - 1) / widest - 1) / max((vectors + widest - 1) / widest, 1)
    @inline(always) func columnTile<let C: Int>(_ first: Int, _ width: borrowing InlineArray<C, Bool>) {
      let column = first * laneCount
      sparseColumns(
        width, rows, m, a, aStride, b + column, bStride, base + column, factor, output + column, n)
    }
    var first = 0
    while first < vectors {
      let count = min(width, vectors - first)
      switch count {
      #if WIDE
        case 8: columnTile(first, InlineArray<8, Bool>(repeating: true))
        case 7: columnTile(first, InlineArray<7, Bool>(repeating: true))
        case 6: columnTile(first, InlineArray<6, Bool>(repeating: true))
      #endif
      case 5: columnTile(first, InlineArray<5, Bool>(repeating: true))
      case 4: columnTile(first, InlineArray<4, Bool>(repeating: true))
      case 3: columnTile(first, InlineArray<3, Bool>(repeating: true))
      case 2: columnTile(first, InlineArray<2, Bool>(repeating: true))
      default: columnTile(first, InlineArray<1, Bool>(repeating: true))
      }
      first += count
    }
  }

  /// output ← base + factor · Σ a[row][i] · b[row][c] for C vectors of columns, over the rows where a is not zero.
  @inline(never) private static func sparseColumns<let C: Int>(
    _: borrowing InlineArray<C, Bool>, _ rows: Int, _ m: Int, _ a: Floats, _ aStride: Int, _ b: Floats,
    _ bStride: Int, _ base: Floats, _ factor: Float, _ output: MutableFloats, _ outputStride: Int
  ) {
    let factor = splat(factor)
    for first in stride(from: 0, to: m, by: laneCount) {
      // Lane i of the masks has the rows in which column first + i of a is not zero.
      var low = SIMD16<UInt32>.zero
      var high = SIMD16<UInt32>.zero
      for row in 0..<min(rows, 32) {
        let bit = SIMD16<UInt32>(repeating: 1 &<< UInt32(truncatingIfNeeded: row))
        low |= bit.replacing(with: SIMD16<UInt32>.zero, where: isZero(a.vector(row * aStride + first)))
      }
      for row in stride(from: 32, to: rows, by: 1) {
        let bit = SIMD16<UInt32>(repeating: 1 &<< UInt32(truncatingIfNeeded: row - 32))
        high |= bit.replacing(with: SIMD16<UInt32>.zero, where: isZero(a.vector(row * aStride + first)))
      }
      for i in 0..<laneCount {
        var bits = UInt64(low[i]) | UInt64(high[i]) &<< 32
        let column = a + (first + i)
        var sums = InlineArray<C, Vector>(repeating: .zero)
        while bits != 0 {
          let row = bits.trailingZeroBitCount
          bits &= bits &- 1
          let value = splat(column[row * aStride])
          let source = b + row * bStride
          for c in 0..<C { sums[unchecked: c] = fma(value, source.vector(c * laneCount), sums[unchecked: c]) }
        }
        let offset = (first + i) * outputStride
        for c in 0..<C {
          let place = offset + c * laneCount
          output.store(fma(factor, sums[unchecked: c], base.vector(place)), place)
        }
      }
    }
  }

  @inline(always) private static func isZero(_ vector: Vector) -> SIMDMask<SIMD16<UInt32.SIMDMaskScalar>> {
    vector .== Vector.zero
  }
}
