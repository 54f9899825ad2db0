import KernelAPI

/// Transformed filters of the backward pass, two rows of elements at a time. A vector holds input channels.
extension VectorKernels {
  /// Uᵀ = G g Gᵀ: from weights (K padded, 3, 3, C padded) to filters (12, K padded, C padded).
  @inline(never) static func winograd4Filter(
    _ shape: ConvShape, _ rows: FilterRows, _ weights: Floats, _ filters: MutableFloats, _ plane: Int
  ) {
    let inputs = shape.inputPixelStride
    for output in 0..<shape.outputPixelStride {
      for channelIndex in 0..<(inputs / laneCount) {
        let channel = channelIndex * laneCount
        let g = weights + (output * 9 * inputs + channel)
        @inline(always) func column(_ x: Int) -> (Vector, Vector) {
          let g = g + x * inputs
          let (g0, g1, g2) = (g.vector(0), g.vector(3 * inputs), g.vector(6 * inputs))
          if rows.isOuter { return (g0 * splat(Winograd4.outer), g2) }
          return rows.isP ? Winograd4.filterP(g0, g1, g2) : Winograd4.filterQ(g0, g1, g2)
        }
        let (c0, c1, c2) = (column(0), column(1), column(2))
        let target = filters + (output * inputs + channel)
        target.store(Winograd4.filter(c0.0, c1.0, c2.0), 0, stride: plane)
        target.store(Winograd4.filter(c0.1, c1.1, c2.1), 6 * plane, stride: plane)
      }
    }
  }

  /// dg = Gᵀ dU G: adds what two rows of dUᵀ, (12, K padded, C padded), contribute to the weights' gradient, (K padded,
  /// 3, 3, C padded); the first to contribute overwrites. In the order of the pairs: 0 and 5, 1 and 2, 3 and 4.
  @inline(never) static func winograd4FilterAdjoint(
    _ shape: ConvShape, _ rows: FilterRows, _ filters: MutableFloats, _ plane: Int, _ gradient: MutableFloats
  ) {
    let inputs = shape.inputPixelStride
    for output in 0..<shape.outputPixelStride {
      for channelIndex in 0..<(inputs / laneCount) {
        let channel = channelIndex * laneCount
        let u = Floats(filters + (output * inputs + channel))
        let target = gradient + (output * 9 * inputs + channel)
        @inline(always) func row(_ u: Floats) -> Vectors3 {
          Winograd4.filterAdjoint(
            u.vector(0), u.vector(plane), u.vector(2 * plane), u.vector(3 * plane), u.vector(4 * plane),
            u.vector(5 * plane))
        }
        /// Column x of Gᵀ applied to the two rows.
        @inline(always) func add(_ a: Vector, _ b: Vector, _ x: Int) {
          let top = x * inputs
          let middle = (3 + x) * inputs
          let bottom = (6 + x) * inputs
          if rows.isOuter {
            target.store(a * splat(Winograd4.outer), top)
            target.store(b, bottom)
          } else if rows.isP {
            target.store(fma(splat(Winograd4.n), a + b, target.vector(top)), top)
            target.store((a - b) * splat(Winograd4.n * Winograd4.p), middle)
            target.store(fma(splat(Winograd4.n * Winograd4.p2), a + b, target.vector(bottom)), bottom)
          } else {
            target.store(fma(splat(Winograd4.m), a + b, target.vector(top)), top)
            target.store(fma(splat(Winograd4.m * Winograd4.q), a - b, target.vector(middle)), middle)
            target.store(fma(splat(Winograd4.m * Winograd4.q2), a + b, target.vector(bottom)), bottom)
          }
        }
        let (a, b) = (row(u), row(u + 6 * plane))
        add(a.0, b.0, 0)
        add(a.1, b.1, 1)
        add(a.2, b.2, 2)
      }
    }
  }

  /// output (rows, columns) = aᵀ · b for a (tiles, rows) and b (tiles, columns); each output is one chain of fma over
  /// the tiles.
  ///
  /// - Parameters rows, columns: multiples of 16
  @inline(always) static func winograd4Outer(
    tiles: Int, a: Floats, rows: Int, b: Floats, columns: Int, output: MutableFloats
  ) {
    // Rows by vectors of a tile of sums: 8 x 2 of AVX-512's 32 registers, 4 x 1, which take two each, of AVX2's 16.
    #if WIDE
      let height = 8
    #else
      let height = 4
    #endif
    for rowIndex in 0..<(rows / height) {
      let row = rowIndex * height
      var column = 0
      #if WIDE
        while column + 2 * laneCount <= columns {
          outerTile(
            InlineArray<8, Bool>(repeating: true), InlineArray<2, Bool>(repeating: true), tiles, a + row, rows,
            b + column, columns, output + (row * columns + column))
          column += 2 * laneCount
        }
        while column < columns {
          outerTile(
            InlineArray<8, Bool>(repeating: true), InlineArray<1, Bool>(repeating: true), tiles, a + row, rows,
            b + column, columns, output + (row * columns + column))
          column += laneCount
        }
      #else
        while column < columns {
          outerTile(
            InlineArray<4, Bool>(repeating: true), InlineArray<1, Bool>(repeating: true), tiles, a + row, rows,
            b + column, columns, output + (row * columns + column))
          column += laneCount
        }
      #endif
    }
  }

  @inline(never) private static func outerTile<let R: Int, let C: Int>(
    _: borrowing InlineArray<R, Bool>, _: borrowing InlineArray<C, Bool>, _ tiles: Int, _ a: Floats, _ aStride: Int,
    _ b: Floats, _ bStride: Int, _ output: MutableFloats
  ) {
    var sums = Tile<R, C>(repeating: InlineArray<C, Vector>(repeating: .zero))
    for tile in 0..<tiles {
      var row = InlineArray<C, Vector>(repeating: .zero)
      for c in 0..<C { row[unchecked: c] = b.vector(tile * bStride + c * laneCount) }
      for r in 0..<R {
        let factor = splat(a[tile * aStride + r])
        for c in 0..<C {
          sums[unchecked: r][unchecked: c] = fma(factor, row[unchecked: c], sums[unchecked: r][unchecked: c])
        }
      }
    }
    for r in 0..<R {
      for c in 0..<C { output.store(sums[unchecked: r][unchecked: c], r * bStride + c * laneCount) }
    }
  }
}
