import KernelAPI

/// Convolution of thin images, of one or two channels: direct, a vector of output channels at a time.
extension VectorKernels {
  @inline(always) static func thinForward(
    _ shape: ConvShape, _ images: Int, _ input: Floats, _ weights: Floats, _ bias: Floats, _ epilogue: PoolEpilogue,
    _ output: MutableFloats, _ winners: MutableIntegers?
  ) {
    // A known number of channels unrolls the taps.
    switch shape.inputChannels {
    case 1: thinForward(1, shape, images, input, weights, bias, epilogue, output, winners)
    case 2: thinForward(2, shape, images, input, weights, bias, epilogue, output, winners)
    default: thinForward(shape.inputChannels, shape, images, input, weights, bias, epilogue, output, winners)
    }
  }

  @inline(always) private static func thinForward(
    _ channels: Int, _ shape: ConvShape, _ images: Int, _ input: Floats, _ weights: Floats, _ bias: Floats,
    _ epilogue: PoolEpilogue, _ output: MutableFloats, _ winners: MutableIntegers?
  ) {
    let columns = shape.outputPixelStride
    let line = shape.width * channels
    for image in 0..<images {
      for y in 0..<shape.pooledHeight {
        let row = input + (image * shape.inputImageStride + 2 * y * line)
        let target = image * shape.outputImageStride + y * shape.pooledWidth * columns
        var x = 0
        #if WIDE
          // Two windows by two vectors: 16 sums for every two loads of weights.
          while x + 2 <= shape.pooledWidth {
            var k = 0
            while k + 32 <= columns {
              thinTile(
                InlineArray<8, Bool>(repeating: true), InlineArray<2, Bool>(repeating: true), channels, line, columns,
                row + 2 * x * channels, weights, bias, epilogue, k, output + (target + x * columns),
                winners.map { $0 + (target + x * columns) })
              k += 32
            }
            while k < columns {
              thinTile(
                InlineArray<8, Bool>(repeating: true), InlineArray<1, Bool>(repeating: true), channels, line, columns,
                row + 2 * x * channels, weights, bias, epilogue, k, output + (target + x * columns),
                winners.map { $0 + (target + x * columns) })
              k += 16
            }
            x += 2
          }
        #endif
        while x < shape.pooledWidth {
          for k in stride(from: 0, to: columns, by: laneCount) {
            thinTile(
              InlineArray<4, Bool>(repeating: true), InlineArray<1, Bool>(repeating: true), channels, line, columns,
              row + 2 * x * channels, weights, bias, epilogue, k, output + (target + x * columns),
              winners.map { $0 + (target + x * columns) })
          }
          x += 1
        }
      }
    }
  }

  /// R/4 pooling windows side by side, C vectors of output channels: each output one chain of fma over the taps (row,
  /// column, channel), begun at the bias.
  @inline(always) private static func thinTile<let R: Int, let C: Int>(
    _: borrowing InlineArray<R, Bool>, _: borrowing InlineArray<C, Bool>, _ channels: Int, _ line: Int, _ columns: Int,
    _ input: Floats, _ weights: Floats, _ bias: Floats, _ epilogue: PoolEpilogue, _ channel: Int,
    _ output: MutableFloats, _ winners: MutableIntegers?
  ) {
    // Sum r belongs to window r / 4 and there to position r % 4: row r / 2 % 2, column r % 2.
    var sums = Tile<R, C>(repeating: InlineArray<C, Vector>(repeating: .zero))
    for r in 0..<R {
      for c in 0..<C { sums[unchecked: r][unchecked: c] = bias.vector(channel + c * laneCount) }
    }
    for tapRow in 0..<3 {
      for tap in 0..<(3 * channels) {
        let source = input + (tapRow * line + tap)
        var w = InlineArray<C, Vector>(repeating: .zero)
        for c in 0..<C {
          w[unchecked: c] = weights.vector((tapRow * 3 * channels + tap) * columns + channel + c * laneCount)
        }
        for r in 0..<R {
          let value = splat(source[((r >> 1) & 1) * line + ((r >> 2) * 2 + (r & 1)) * channels])
          for c in 0..<C {
            sums[unchecked: r][unchecked: c] = fma(value, w[unchecked: c], sums[unchecked: r][unchecked: c])
          }
        }
      }
    }
    for window in 0..<(R / 4) {
      let r = 4 * window
      for c in 0..<C {
        epilogue.store(
          sums[unchecked: r][unchecked: c], sums[unchecked: r + 1][unchecked: c], sums[unchecked: r + 2][unchecked: c],
          sums[unchecked: r + 3][unchecked: c], channel: channel + c * laneCount, output: output + window * columns,
          winners: winners.map { $0 + window * columns })
      }
    }
  }

  /// Each weight's gradient is one chain of fma over images and windows: gradient · the input that the winner saw.
  @inline(always) static func thinWeightGradient(
    _ shape: ConvShape, _ images: Int, _ input: Floats, _ outputGradient: Floats, _ winners: Integers,
    _ gradient: MutableFloats
  ) {
    for k in stride(from: 0, to: shape.outputPixelStride, by: laneCount) {
      for channel in 0..<shape.inputChannels {
        #if WIDE
          thinTaps(
            InlineArray<3, Bool>(repeating: true), shape, images, 0, channel, k, input, outputGradient, winners,
            gradient)
        #else
          for tapRow in 0..<3 {
            thinTaps(
              InlineArray<1, Bool>(repeating: true), shape, images, tapRow, channel, k, input, outputGradient,
              winners, gradient)
          }
        #endif
      }
    }
  }

  /// R rows of taps from `firstRow`, of one input channel and one vector of output channels.
  @inline(always) private static func thinTaps<let R: Int>(
    _: borrowing InlineArray<R, Bool>, _ shape: ConvShape, _ images: Int, _ firstRow: Int, _ channel: Int, _ k: Int,
    _ input: Floats, _ outputGradient: Floats, _ winners: Integers, _ gradient: MutableFloats
  ) {
    let channels = shape.inputChannels
    let columns = shape.outputPixelStride
    let line = shape.width * channels
    var sums = Tile<R, 3>(repeating: InlineArray<3, Vector>(repeating: .zero))
    for image in 0..<images {
      for y in 0..<shape.pooledHeight {
        let row = input + (image * shape.inputImageStride + (2 * y + firstRow) * line + channel)
        let target = image * shape.outputImageStride + y * shape.pooledWidth * columns + k
        for x in 0..<shape.pooledWidth {
          let g = outputGradient.vector(target + x * columns)
          let winner = winners.vector(target + x * columns)
          let is1 = winner .== IntegerVector(repeating: 1)
          let is2 = winner .== IntegerVector(repeating: 2)
          let is3 = winner .== IntegerVector(repeating: 3)
          let window = row + 2 * x * channels
          for r in 0..<R {
            for tap in 0..<3 {
              let source = window + (r * line + tap * channels)
              let seen = splat(source[0])
                .replacing(with: splat(source[channels]), where: is1)
                .replacing(with: splat(source[line]), where: is2)
                .replacing(with: splat(source[line + channels]), where: is3)
              sums[unchecked: r][unchecked: tap] = fma(seen, g, sums[unchecked: r][unchecked: tap])
            }
          }
        }
      }
    }
    for r in 0..<R {
      for tap in 0..<3 {
        gradient.store(
          sums[unchecked: r][unchecked: tap], (((firstRow + r) * 3 + tap) * channels + channel) * columns + k)
      }
    }
  }
}
