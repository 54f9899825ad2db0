import KernelAPI

/// Convolution by Winograd's F(2x2, 3x3), whose output tile is exactly a pooling window: 16 multiplications where the
/// direct form has 36.
///
/// - Source: Lavin & Gray 2016, "Fast Algorithms for Convolutional Neural Networks", section 4.1
extension VectorKernels {
  /// Tiles transformed together: 16 · 20 · (32 + 64) floats are 120 KB, half of a level-2 cache.
  static let winogradTiles = 20

  static func winogradPackedCount(_ shape: ConvShape) -> Int {
    (16 + 9) * shape.inputPixelStride * shape.outputPixelStride
  }

  static func winogradCount(_ shape: ConvShape) -> Int {
    16 * winogradTiles * (shape.inputPixelStride + shape.outputPixelStride)
  }

  /// U = G g Gᵀ for every pair of channels: packed is (16, C padded, K padded), then scratch (9, C padded, K padded).
  @inline(always) static func winogradPack(_ shape: ConvShape, _ weights: Floats, _ packed: MutableFloats) {
    let rows = shape.inputPixelStride
    let columns = shape.outputPixelStride
    let plane = rows * columns
    let scratch = packed + 16 * plane
    for tap in 0..<9 {
      transpose(
        rows: columns, columns: rows, source: weights + tap * rows, sourceStride: 9 * rows,
        destination: scratch + tap * plane, destinationStride: columns)
    }
    let half = splat(0.5)
    for i in stride(from: 0, to: plane, by: laneCount) {
      var left = zeros12()
      for c in 0..<3 {
        let g0 = scratch.vector(c * plane + i)
        let g1 = scratch.vector((3 + c) * plane + i)
        let g2 = scratch.vector((6 + c) * plane + i)
        let outer = g0 + g2
        left[unchecked: c] = g0
        left[unchecked: 3 + c] = (outer + g1) * half
        left[unchecked: 6 + c] = (outer - g1) * half
        left[unchecked: 9 + c] = g2
      }
      for r in 0..<4 {
        let g0 = left[unchecked: r * 3]
        let g1 = left[unchecked: r * 3 + 1]
        let g2 = left[unchecked: r * 3 + 2]
        let outer = g0 + g2
        packed.store(g0, (r * 4) * plane + i)
        packed.store((outer + g1) * half, (r * 4 + 1) * plane + i)
        packed.store((outer - g1) * half, (r * 4 + 2) * plane + i)
        packed.store(g2, (r * 4 + 3) * plane + i)
      }
    }
  }

  @inline(always) static func winogradForward(
    _ shape: ConvShape, _ images: Int, _ input: Floats, _ packed: Floats, _ bias: Floats, _ epilogue: PoolEpilogue,
    _ output: MutableFloats, _ winners: MutableIntegers?, _ workspace: MutableFloats
  ) {
    let rows = shape.inputPixelStride
    let columns = shape.outputPixelStride
    let windows = shape.pooledHeight * shape.pooledWidth
    let line = shape.width * rows
    let transformed = workspace
    let products = workspace + 16 * winogradTiles * rows
    var first = 0
    while first < images * windows {
      let tiles = min(winogradTiles, images * windows - first)
      var (image, window) = first.quotientAndRemainder(dividingBy: windows)
      var (y, x) = window.quotientAndRemainder(dividingBy: shape.pooledWidth)
      let start = (image, y, x)
      @inline(always) func advance() {
        x += 1
        if x == shape.pooledWidth {
          x = 0
          y += 1
          if y == shape.pooledHeight {
            y = 0
            image += 1
          }
        }
      }
      for tile in 0..<tiles {
        let source = input + (image * shape.inputImageStride + 2 * y * line + 2 * x * rows)
        for c in stride(from: 0, to: rows, by: laneCount) {
          winogradInput(source + c, line, rows, transformed + (tile * rows + c), tiles * rows)
        }
        advance()
      }
      for element in 0..<16 {
        gemm(
          rows: tiles, inner: rows, columns: columns, a: transformed + element * tiles * rows, aStride: rows,
          b: packed + element * rows * columns, bStride: columns, bias: nil, scale: nil, shift: nil, rectify: false,
          output: products + element * tiles * columns, outputStride: columns)
      }
      (image, y, x) = start
      for tile in 0..<tiles {
        let target = image * shape.outputImageStride + (y * shape.pooledWidth + x) * columns
        for c in stride(from: 0, to: columns, by: laneCount) {
          winogradOutput(
            products + (tile * columns + c), tiles * columns, bias.vector(c), epilogue, c, output + target,
            winners.map { $0 + target })
        }
        advance()
      }
      first += tiles
    }
  }

  /// V = Bᵀ d B for the 4x4 inputs of a tile, one vector of channels.
  @inline(always) private static func winogradInput(
    _ source: Floats, _ line: Int, _ pixel: Int, _ target: MutableFloats, _ plane: Int
  ) {
    var left = zeros16()
    for c in 0..<4 {
      let d0 = source.vector(c * pixel)
      let d1 = source.vector(line + c * pixel)
      let d2 = source.vector(2 * line + c * pixel)
      let d3 = source.vector(3 * line + c * pixel)
      left[unchecked: c] = d0 - d2
      left[unchecked: 4 + c] = d1 + d2
      left[unchecked: 8 + c] = d2 - d1
      left[unchecked: 12 + c] = d1 - d3
    }
    for r in 0..<4 {
      let d0 = left[unchecked: r * 4]
      let d1 = left[unchecked: r * 4 + 1]
      let d2 = left[unchecked: r * 4 + 2]
      let d3 = left[unchecked: r * 4 + 3]
      target.store(d0 - d2, (r * 4) * plane)
      target.store(d1 + d2, (r * 4 + 1) * plane)
      target.store(d2 - d1, (r * 4 + 2) * plane)
      target.store(d1 - d3, (r * 4 + 3) * plane)
    }
  }

  /// Y = Aᵀ m A + bias, the four inputs of a pooling window, and its pooling.
  @inline(always) private static func winogradOutput(
    _ source: Floats, _ plane: Int, _ bias: Vector, _ epilogue: PoolEpilogue, _ channel: Int, _ output: MutableFloats,
    _ winners: MutableIntegers?
  ) {
    var sums = InlineArray<8, Vector>(repeating: .zero)
    for j in 0..<4 {
      let m0 = source.vector(j * plane)
      let m1 = source.vector((4 + j) * plane)
      let m2 = source.vector((8 + j) * plane)
      let m3 = source.vector((12 + j) * plane)
      sums[unchecked: j] = m0 + m1 + m2
      sums[unchecked: 4 + j] = m1 - m2 - m3
    }
    epilogue.store(
      sums[unchecked: 0] + sums[unchecked: 1] + sums[unchecked: 2],
      sums[unchecked: 1] - sums[unchecked: 2] - sums[unchecked: 3],
      sums[unchecked: 4] + sums[unchecked: 5] + sums[unchecked: 6],
      sums[unchecked: 5] - sums[unchecked: 6] - sums[unchecked: 7], bias: bias, channel: channel, output: output,
      winners: winners)
  }
}
