import KernelAPI

/// Convolution of thin images by Winograd's F(4, 3) along the rows, direct down the columns: half the multiplications.
///
/// In both directions it would be a quarter, but with so few input channels the output transform, which every output
/// channel pays, would cost more than that saves.
extension VectorKernels {
  /// Vectors of positions that a row of tiles takes: tile t of a row is position 4t.
  private static func positionVectors(_ tiling: ConvTiles) -> Int { (4 * (tiling.across - 1) + laneCount) / laneCount }

  /// Filters, transformed rows of an image, and the last rows of the last image with space behind them.
  static func thinWinogradCount(_ shape: ConvShape, _ tiling: ConvTiles) -> Int {
    let positions = positionVectors(tiling) * laneCount
    return 18 * shape.inputChannels * shape.outputPixelStride + 6 * shape.inputChannels * shape.height * positions
      + shape.inputChannels * shape.height * shape.width + positions + 2 * laneCount
  }

  @inline(never) static func thinWinogradForward(
    _ shape: ConvShape, _ tiling: ConvTiles, _ images: Int, _ input: Floats, _ weights: Floats, _ bias: Floats,
    _ epilogue: PoolEpilogue, _ output: MutableFloats, _ winners: MutableIntegers?, _ workspace: MutableFloats
  ) {
    let channels = shape.inputChannels
    let outputs = shape.outputPixelStride
    let positions = positionVectors(tiling) * laneCount
    let rows = channels * shape.height
    let filters = workspace  // U: (K padded / 16, 6, C, 3, 16)
    let transformed = filters + 18 * channels * outputs  // V: (6, C, H, positions)
    let lastImage = transformed + 6 * rows * positions

    for kIndex in 0..<(outputs / laneCount) {
      let k = kIndex * laneCount
      for channel in 0..<channels {
        for row in 0..<3 {
          let g = weights + ((row * 3 * channels + channel) * outputs + k)
          let u = Winograd4.filter(g.vector(0), g.vector(channels * outputs), g.vector(2 * channels * outputs))
          filters.store(
            u, 18 * channels * k + (channel * 3 + row) * laneCount, stride: 3 * channels * laneCount)
        }
      }
    }
    let line = shape.pooledWidth * outputs
    for image in 0..<images {
      var source = input + image * shape.inputImageStride
      if image == images - 1 {
        // Vectors of the last rows reach beyond the image, and beyond this one there may be nothing.
        for i in 0..<(rows * shape.width) { lastImage[i] = source[i] }
        for i in 0..<(positions + 2 * laneCount) { lastImage[rows * shape.width + i] = 0 }
        source = Floats(lastImage)
      }
      thinTransform(rows, shape.width, positions, source, transformed)
      for y in 0..<tiling.down {
        for x in 0..<tiling.across {
          let target = image * shape.outputImageStride + 2 * (y * line + x * outputs)
          let tile = transformed + (4 * y * positions + 4 * x)
          for kIndex in 0..<(outputs / laneCount) {
            let k = kIndex * laneCount
            thinTile(
              channels, rows, positions, Floats(tile), shape.height, Floats(filters + 18 * channels * k),
              bias.vector(k), epilogue, k, outputs, line, output + target, winners.map { $0 + target })
          }
        }
      }
    }
  }

  /// V = Bᵀ d of every row at every position, of which every fourth is used.
  @inline(always) private static func thinTransform(
    _ rows: Int, _ width: Int, _ positions: Int, _ input: Floats, _ transformed: MutableFloats
  ) {
    for row in 0..<rows {
      for positionIndex in 0..<(positions / laneCount) {
        let position = positionIndex * laneCount
        let d = input + (row * width + position)
        transformed.store(
          Winograd4.input(d.vector(0), d.vector(1), d.vector(2), d.vector(3), d.vector(4), d.vector(5)),
          row * positions + position, stride: rows * positions)
      }
    }
  }

  /// A 4x4 tile of outputs for one vector of output channels: for each of the six elements, four rows of sums over
  /// (channel, row of the filter).
  @inline(always) private static func thinTile(
    _ channels: Int, _ rows: Int, _ positions: Int, _ transformed: Floats, _ height: Int, _ filters: Floats,
    _ bias: Vector, _ epilogue: PoolEpilogue, _ k: Int, _ outputs: Int, _ line: Int, _ output: MutableFloats,
    _ winners: MutableIntegers?
  ) {
    @inline(always) func element(_ e: Int) -> Vectors4 {
      var (m0, m1, m2, m3) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
      for channel in 0..<channels {
        let u = filters + (e * channels + channel) * 3 * laneCount
        let v = transformed + (e * rows + channel * height) * positions
        let (u0, u1, u2) = (u.vector(0), u.vector(laneCount), u.vector(2 * laneCount))
        let (v0, v1, v2) = (splat(v[0]), splat(v[positions]), splat(v[2 * positions]))
        let (v3, v4, v5) = (splat(v[3 * positions]), splat(v[4 * positions]), splat(v[5 * positions]))
        m0 = fma(v2, u2, fma(v1, u1, fma(v0, u0, m0)))
        m1 = fma(v3, u2, fma(v2, u1, fma(v1, u0, m1)))
        m2 = fma(v4, u2, fma(v3, u1, fma(v2, u0, m2)))
        m3 = fma(v5, u2, fma(v4, u1, fma(v3, u0, m3)))
      }
      return (m0, m1, m2, m3)
    }
    let (e0, e1, e2, e3, e4, e5) = (element(0), element(1), element(2), element(3), element(4), element(5))
    @inline(always) func pool(_ upper: Vectors4, _ lower: Vectors4, _ offset: Int) {
      epilogue.store(
        upper.0, upper.1, lower.0, lower.1, bias: bias, channel: k, output: output + offset,
        winners: winners.map { $0 + offset })
      epilogue.store(
        upper.2, upper.3, lower.2, lower.3, bias: bias, channel: k, output: output + (offset + outputs),
        winners: winners.map { $0 + (offset + outputs) })
    }
    pool(Winograd4.output(e0.0, e1.0, e2.0, e3.0, e4.0, e5.0), Winograd4.output(e0.1, e1.1, e2.1, e3.1, e4.1, e5.1), 0)
    pool(
      Winograd4.output(e0.2, e1.2, e2.2, e3.2, e4.2, e5.2), Winograd4.output(e0.3, e1.3, e2.3, e3.3, e4.3, e5.3), line)
  }
}
