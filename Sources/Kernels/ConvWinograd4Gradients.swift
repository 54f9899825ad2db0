import KernelAPI

/// The backward pass in Winograd's domain: what max-pooling passes on is one output in four, but transformed it is dense,
/// and 36 multiplications of dense matrices run at the peak where 36 sparse ones wait for their operands.
extension VectorKernels {
  /// dM, then V or dV, then two rows of U or dU.
  static func winograd4BackwardCount(_ shape: ConvShape, _ tiles: Int) -> Int {
    let inputs = shape.inputPixelStride
    let outputs = shape.outputPixelStride
    return 36 * (ConvTiles.planeStride(tiles, inputs) + ConvTiles.planeStride(tiles, outputs))
      + 12 * ConvTiles.planeStride(outputs, inputs)
  }

  /// Leaves dM at the start of the workspace.
  @inline(always) static func winograd4WeightGradient(
    _ shape: ConvShape, _ tiling: ConvTiles, _ images: Int, _ input: Floats, _ outputGradient: Floats,
    _ winners: Integers, _ gradient: MutableFloats, _ workspace: MutableFloats
  ) {
    let inputs = shape.inputPixelStride
    let outputs = shape.outputPixelStride
    let tiles = images * tiling.count
    let inputPlane = ConvTiles.planeStride(tiles, inputs)
    let outputPlane = ConvTiles.planeStride(tiles, outputs)
    let filterPlane = ConvTiles.planeStride(outputs, inputs)
    let products = workspace  // dM: (36, tiles, K padded)
    let transformed = products + 36 * outputPlane  // V: (36, tiles, C padded)
    let filters = transformed + 36 * inputPlane  // dUᵀ: (12, K padded, C padded)

    winograd4OutputAdjoint(shape, tiling, tiles, outputGradient, winners, products, outputPlane)
    winograd4Input(shape, tiling, 0, tiles, input, transformed, inputPlane)
    // Two rows of the 6x6 elements at a time, those that share their sums; what they leave of dU stays in cache.
    for pair in 0..<FilterRows.pairs {
      let rows = FilterRows(pair: pair)
      for index in 0..<12 {
        let element = rows.element(index)
        winograd4Outer(
          tiles: tiles, a: products + element * outputPlane, rows: outputs, b: transformed + element * inputPlane,
          columns: inputs, output: filters + index * filterPlane)
      }
      winograd4FilterAdjoint(shape, rows, filters, filterPlane, gradient)
    }
  }

  /// Reads the dM that `winograd4WeightGradient` left.
  @inline(always) static func winograd4InputGradient(
    _ shape: ConvShape, _ tiling: ConvTiles, _ images: Int, _ weights: Floats, _ inputGradient: MutableFloats,
    _ workspace: MutableFloats
  ) {
    let inputs = shape.inputPixelStride
    let outputs = shape.outputPixelStride
    let tiles = images * tiling.count
    let inputPlane = ConvTiles.planeStride(tiles, inputs)
    let outputPlane = ConvTiles.planeStride(tiles, outputs)
    let filterPlane = ConvTiles.planeStride(outputs, inputs)
    let products = workspace  // dM: (36, tiles, K padded)
    let transformed = products + 36 * outputPlane  // dV: (36, tiles, C padded)
    let filters = transformed + 36 * inputPlane  // Uᵀ: (12, K padded, C padded)

    for pair in 0..<FilterRows.pairs {
      let rows = FilterRows(pair: pair)
      winograd4Filter(shape, rows, weights, filters, filterPlane)
      for index in 0..<12 {
        let element = rows.element(index)
        gemm(
          rows: tiles, inner: outputs, columns: inputs, a: products + element * outputPlane, aStride: outputs,
          b: filters + index * filterPlane, bStride: inputs, bias: nil, scale: nil, shift: nil, rectify: false,
          output: transformed + element * inputPlane, outputStride: inputs)
      }
    }
    winograd4InputAdjoint(shape, tiling, images, transformed, inputPlane, inputGradient)
  }

  /// dM = A dY Aᵀ of all tiles, where dY has the pooled gradients at their winners and else zero.
  @inline(never) static func winograd4OutputAdjoint(
    _ shape: ConvShape, _ tiling: ConvTiles, _ tiles: Int, _ outputGradient: Floats, _ winners: Integers,
    _ products: MutableFloats, _ plane: Int
  ) {
    let pixel = shape.outputPixelStride
    let line = shape.pooledWidth * pixel
    var cursor = TileCursor(tiling, first: 0)
    for tile in 0..<tiles {
      let corner = cursor.image * shape.outputImageStride + 2 * (cursor.y * line + cursor.x * pixel)
      cursor.advance()
      for channelIndex in 0..<(pixel / laneCount) {
        let channel = channelIndex * laneCount
        let g = outputGradient + (corner + channel)
        let w = winners + (corner + channel)
        @inline(always) func scattered(_ offset: Int, _ position: Int32) -> Vector {
          Vector.zero.replacing(
            with: g.vector(offset), where: w.vector(offset) .== IntegerVector(repeating: position))
        }
        /// Column `side` of the tile's outputs that belong to the pooled column at `offset`.
        @inline(always) func column(_ offset: Int, _ side: Int32) -> Vectors6 {
          Winograd4.outputAdjoint(
            scattered(offset, side), scattered(offset, side + 2), scattered(offset + line, side),
            scattered(offset + line, side + 2))
        }
        let (c0, c1, c2, c3) = (column(0, 0), column(0, 1), column(pixel, 0), column(pixel, 1))
        let target = products + (tile * pixel + channel)
        target.store(Winograd4.outputAdjoint(c0.0, c1.0, c2.0, c3.0), 0, stride: plane)
        target.store(Winograd4.outputAdjoint(c0.1, c1.1, c2.1, c3.1), 6 * plane, stride: plane)
        target.store(Winograd4.outputAdjoint(c0.2, c1.2, c2.2, c3.2), 12 * plane, stride: plane)
        target.store(Winograd4.outputAdjoint(c0.3, c1.3, c2.3, c3.3), 18 * plane, stride: plane)
        target.store(Winograd4.outputAdjoint(c0.4, c1.4, c2.4, c3.4), 24 * plane, stride: plane)
        target.store(Winograd4.outputAdjoint(c0.5, c1.5, c2.5, c3.5), 30 * plane, stride: plane)
      }
    }
  }

  /// dd = B dV Bᵀ; neighbouring tiles overlap by two pixels, and there their gradients are added, tile after tile.
  @inline(never) static func winograd4InputAdjoint(
    _ shape: ConvShape, _ tiling: ConvTiles, _ images: Int, _ transformed: MutableFloats, _ plane: Int,
    _ inputGradient: MutableFloats
  ) {
    let pixel = shape.inputPixelStride
    let line = shape.width * pixel
    let overlaps = tiling.count > 1
    var cursor = TileCursor(tiling, first: 0)
    for tile in 0..<(images * tiling.count) {
      let image = inputGradient + cursor.image * shape.inputImageStride
      if overlaps && cursor.y == 0 && cursor.x == 0 {
        for i in 0..<(shape.height * line / laneCount) { image.store(Vector.zero, i * laneCount) }
      }
      let corner = image + 4 * (cursor.y * line + cursor.x * pixel)
      cursor.advance()
      for channelIndex in 0..<(pixel / laneCount) {
        let channel = channelIndex * laneCount
        let v = Floats(transformed + (tile * pixel + channel))
        @inline(always) func column(_ x: Int) -> Vectors6 {
          let v = v + x * plane
          return Winograd4.inputAdjoint(
            v.vector(0), v.vector(6 * plane), v.vector(12 * plane), v.vector(18 * plane), v.vector(24 * plane),
            v.vector(30 * plane))
        }
        let (c0, c1, c2, c3, c4, c5) = (column(0), column(1), column(2), column(3), column(4), column(5))
        let target = corner + channel
        @inline(always) func row(_ y: Int, _ row: Vectors6) {
          if overlaps {
            target.add(row, y * line, stride: pixel)
          } else {
            target.store(row, y * line, stride: pixel)
          }
        }
        row(0, Winograd4.inputAdjoint(c0.0, c1.0, c2.0, c3.0, c4.0, c5.0))
        row(1, Winograd4.inputAdjoint(c0.1, c1.1, c2.1, c3.1, c4.1, c5.1))
        row(2, Winograd4.inputAdjoint(c0.2, c1.2, c2.2, c3.2, c4.2, c5.2))
        row(3, Winograd4.inputAdjoint(c0.3, c1.3, c2.3, c3.3, c4.3, c5.3))
        row(4, Winograd4.inputAdjoint(c0.4, c1.4, c2.4, c3.4, c4.4, c5.4))
        row(5, Winograd4.inputAdjoint(c0.5, c1.5, c2.5, c3.5, c4.5, c5.5))
      }
    }
  }
}
