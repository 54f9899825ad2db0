import KernelAPI

/// The forward pass by Winograd's F(4x4, 3x3): 36 multiplications where the direct form has 144, and a tile's outputs
/// are pooled before they leave the registers.
extension VectorKernels {
  /// Tiles transformed together: V and M of ten are 36 · 10 · (32 + 64) floats, 138 KB, which stay in the level-2 cache
  /// beside U's 295 KB. A multiple of `rowTileMax`.
  static let tilesMax = 10

  /// Floats of U and of the transposed weights that it is made from.
  static func winograd4PackedCount(_ shape: ConvShape) -> Int {
    let plane = ConvTiles.planeStride(shape.inputPixelStride, shape.outputPixelStride)
    return 36 * plane + 9 * shape.inputPixelStride * shape.outputPixelStride
  }

  /// U = G g Gᵀ for every pair of channels: packed is (36, C padded, K padded), then the weights as (9, C, K).
  @inline(never) static func winograd4Pack(_ shape: ConvShape, _ weights: Floats, _ packed: MutableFloats) {
    let inputs = shape.inputPixelStride
    let outputs = shape.outputPixelStride
    let taps = inputs * outputs
    let plane = ConvTiles.planeStride(inputs, outputs)
    let transposed = packed + 36 * plane
    for tap in 0..<9 {
      transpose(
        rows: outputs, columns: inputs, source: weights + tap * inputs, sourceStride: 9 * inputs,
        destination: transposed + tap * taps, destinationStride: outputs)
    }
    for iIndex in 0..<(taps / laneCount) {
      let i = iIndex * laneCount
      let g = Floats(transposed + i)
      @inline(always) func column(_ x: Int) -> Vectors6 {
        Winograd4.filter(g.vector(x * taps), g.vector((3 + x) * taps), g.vector((6 + x) * taps))
      }
      let c0 = column(0)
      let c1 = column(1)
      let c2 = column(2)
      let target = packed + i
      target.store(Winograd4.filter(c0.0, c1.0, c2.0), 0, stride: plane)
      target.store(Winograd4.filter(c0.1, c1.1, c2.1), 6 * plane, stride: plane)
      target.store(Winograd4.filter(c0.2, c1.2, c2.2), 12 * plane, stride: plane)
      target.store(Winograd4.filter(c0.3, c1.3, c2.3), 18 * plane, stride: plane)
      target.store(Winograd4.filter(c0.4, c1.4, c2.4), 24 * plane, stride: plane)
      target.store(Winograd4.filter(c0.5, c1.5, c2.5), 30 * plane, stride: plane)
    }
  }

  static func winograd4ForwardCount(_ shape: ConvShape, _ tiles: Int) -> Int {
    let tiles = min(tiles, tilesMax)
    return 36
      * (ConvTiles.planeStride(tiles, shape.inputPixelStride) + ConvTiles.planeStride(tiles, shape.outputPixelStride))
  }

  @inline(always) static func winograd4Forward(
    _ shape: ConvShape, _ tiling: ConvTiles, _ images: Int, _ input: Floats, _ packed: Floats, _ bias: Floats,
    _ epilogue: PoolEpilogue, _ output: MutableFloats, _ winners: MutableIntegers?, _ workspace: MutableFloats
  ) {
    let inputs = shape.inputPixelStride
    let outputs = shape.outputPixelStride
    let filterPlane = ConvTiles.planeStride(inputs, outputs)
    let tiles = images * tiling.count
    var first = 0
    while first < tiles {
      let count = min(tilesMax, tiles - first)
      let inputPlane = ConvTiles.planeStride(count, inputs)
      let outputPlane = ConvTiles.planeStride(count, outputs)
      let transformed = workspace
      let products = workspace + 36 * inputPlane
      winograd4Input(shape, tiling, first, count, input, transformed, inputPlane)
      for element in 0..<36 {
        gemm(
          rows: count, inner: inputs, columns: outputs, a: transformed + element * inputPlane, aStride: inputs,
          b: packed + element * filterPlane, bStride: outputs, bias: nil, scale: nil, shift: nil, rectify: false,
          output: products + element * outputPlane, outputStride: outputs)
      }
      winograd4Output(shape, tiling, first, count, products, outputPlane, bias, epilogue, output, winners)
      first += count
    }
  }

  /// V = Bᵀ d B of `count` tiles from the tile `first`: transformed is (36, count, C padded).
  @inline(never) static func winograd4Input(
    _ shape: ConvShape, _ tiling: ConvTiles, _ first: Int, _ count: Int, _ input: Floats, _ transformed: MutableFloats,
    _ plane: Int
  ) {
    let pixel = shape.inputPixelStride
    let line = shape.width * pixel
    var cursor = TileCursor(tiling, first: first)
    for tile in 0..<count {
      let corner = input + (cursor.image * shape.inputImageStride + 4 * (cursor.y * line + cursor.x * pixel))
      cursor.advance()
      for channelIndex in 0..<(pixel / laneCount) {
        let channel = channelIndex * laneCount
        let d = corner + channel
        let target = transformed + (tile * pixel + channel)
        do {
          @inline(always) func column(_ x: Int) -> Vectors3 {
            let d = d + x * pixel
            return Winograd4.inputUpper(
              d.vector(0), d.vector(line), d.vector(2 * line), d.vector(3 * line), d.vector(4 * line))
          }
          let (c0, c1, c2, c3, c4, c5) = (column(0), column(1), column(2), column(3), column(4), column(5))
          target.store(Winograd4.input(c0.0, c1.0, c2.0, c3.0, c4.0, c5.0), 0, stride: plane)
          target.store(Winograd4.input(c0.1, c1.1, c2.1, c3.1, c4.1, c5.1), 6 * plane, stride: plane)
          target.store(Winograd4.input(c0.2, c1.2, c2.2, c3.2, c4.2, c5.2), 12 * plane, stride: plane)
        }
        // In two halves: 36 values at once would not fit the registers.
        do {
          @inline(always) func column(_ x: Int) -> Vectors3 {
            let d = d + x * pixel
            return Winograd4.inputLower(
              d.vector(line), d.vector(2 * line), d.vector(3 * line), d.vector(4 * line), d.vector(5 * line))
          }
          let (c0, c1, c2, c3, c4, c5) = (column(0), column(1), column(2), column(3), column(4), column(5))
          target.store(Winograd4.input(c0.0, c1.0, c2.0, c3.0, c4.0, c5.0), 18 * plane, stride: plane)
          target.store(Winograd4.input(c0.1, c1.1, c2.1, c3.1, c4.1, c5.1), 24 * plane, stride: plane)
          target.store(Winograd4.input(c0.2, c1.2, c2.2, c3.2, c4.2, c5.2), 30 * plane, stride: plane)
        }
      }
    }
  }

  /// Y = Aᵀ M A of `count` tiles, pooled: products is (36, count, K padded).
  @inline(never) static func winograd4Output(
    _ shape: ConvShape, _ tiling: ConvTiles, _ first: Int, _ count: Int, _ products: MutableFloats, _ plane: Int,
    _ bias: Floats, _ epilogue: PoolEpilogue, _ output: MutableFloats, _ winners: MutableIntegers?
  ) {
    let pixel = shape.outputPixelStride
    let line = shape.pooledWidth * pixel
    var cursor = TileCursor(tiling, first: first)
    for tile in 0..<count {
      let corner = cursor.image * shape.outputImageStride + 2 * (cursor.y * line + cursor.x * pixel)
      cursor.advance()
      for channelIndex in 0..<(pixel / laneCount) {
        let channel = channelIndex * laneCount
        let m = Floats(products + (tile * pixel + channel))
        @inline(always) func column(_ x: Int) -> Vectors4 {
          let m = m + x * plane
          return Winograd4.output(
            m.vector(0), m.vector(6 * plane), m.vector(12 * plane), m.vector(18 * plane), m.vector(24 * plane),
            m.vector(30 * plane))
        }
        let (c0, c1, c2, c3, c4, c5) = (column(0), column(1), column(2), column(3), column(4), column(5))
        let bias = bias.vector(channel)
        @inline(always) func pool(_ upper: Vectors4, _ lower: Vectors4, _ offset: Int) {
          let offset = corner + offset
          epilogue.store(
            upper.0, upper.1, lower.0, lower.1, bias: bias, channel: channel, output: output + offset,
            winners: winners.map { $0 + offset })
          epilogue.store(
            upper.2, upper.3, lower.2, lower.3, bias: bias, channel: channel, output: output + (offset + pixel),
            winners: winners.map { $0 + (offset + pixel) })
        }
        pool(
          Winograd4.output(c0.0, c1.0, c2.0, c3.0, c4.0, c5.0), Winograd4.output(c0.1, c1.1, c2.1, c3.1, c4.1, c5.1), 0)
        pool(
          Winograd4.output(c0.2, c1.2, c2.2, c3.2, c4.2, c5.2), Winograd4.output(c0.3, c1.3, c2.3, c3.3, c4.3, c5.3),
          line)
      }
    }
  }
}
