import KernelAPI
import KernelIntrinsics

/// Convolution of thin images, of one or two channels in planes (C, H, W). A vector holds output channels.
extension VectorKernels {
  /// The direct form, for images that are no whole tiles: each output is one chain of fma over (channel, row, column).
  @inline(never) static func thinForward(
    _ shape: ConvShape, _ images: Int, _ input: Floats, _ weights: Floats, _ bias: Floats, _ epilogue: PoolEpilogue,
    _ output: MutableFloats, _ winners: MutableIntegers?
  ) {
    let channels = shape.inputChannels
    let outputs = shape.outputPixelStride
    let line = shape.width
    for image in 0..<images {
      for y in 0..<shape.pooledHeight {
        for x in 0..<shape.pooledWidth {
          let corner = input + (image * shape.inputImageStride + 2 * (y * line + x))
          let target = image * shape.outputImageStride + (y * shape.pooledWidth + x) * outputs
          for kIndex in 0..<(outputs / laneCount) {
            let k = kIndex * laneCount
            var (v0, v1, v2, v3) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
            for channel in 0..<channels {
              for tap in 0..<9 {
                let d = corner + (channel * shape.height * line + tap / 3 * line + tap % 3)
                let weight = weights.vector((tap * channels + channel) * outputs + k)
                v0 = fma(splat(d[0]), weight, v0)
                v1 = fma(splat(d[1]), weight, v1)
                v2 = fma(splat(d[line]), weight, v2)
                v3 = fma(splat(d[line + 1]), weight, v3)
              }
            }
            epilogue.store(
              v0, v1, v2, v3, bias: bias.vector(k), channel: k, output: output + target,
              winners: winners.map { $0 + target })
          }
        }
      }
    }
  }

  /// Each weight's gradient is one chain of fma over images and windows: gradient · the input that the winner saw.
  @inline(never) static func thinWeightGradient(
    _ shape: ConvShape, _ images: Int, _ input: Floats, _ outputGradient: Floats, _ winners: Integers,
    _ gradient: MutableFloats
  ) {
    for channel in 0..<shape.inputChannels {
      var k = 0
      // AVX-512's 32 registers hold the sums of nine taps for two vectors; AVX2's 16, two a vector, those of three taps.
      #if WIDE
        while k + 2 * laneCount <= shape.outputPixelStride {
          thinTaps(
            InlineArray<3, Bool>(repeating: true), InlineArray<2, Bool>(repeating: true), shape, images, 0, channel, k,
            input, outputGradient, winners, gradient)
          k += 2 * laneCount
        }
        while k < shape.outputPixelStride {
          thinTaps(
            InlineArray<3, Bool>(repeating: true), InlineArray<1, Bool>(repeating: true), shape, images, 0, channel, k,
            input, outputGradient, winners, gradient)
          k += laneCount
        }
      #else
        while k < shape.outputPixelStride {
          for row in 0..<3 {
            thinTaps(
              InlineArray<1, Bool>(repeating: true), InlineArray<1, Bool>(repeating: true), shape, images, row,
              channel, k, input, outputGradient, winners, gradient)
          }
          k += laneCount
        }
      #endif
    }
  }

  /// R rows of taps from `firstRow`, of one input channel and C vectors of output channels.
  ///
  /// What the winner saw at a tap is one of four neighbours, so that the eight inputs at and below a row of taps are a
  /// table, and a permutation looks up all lanes at once.
  @inline(never) private static func thinTaps<let R: Int, let C: Int>(
    _: borrowing InlineArray<R, Bool>, _: borrowing InlineArray<C, Bool>, _ shape: ConvShape, _ images: Int,
    _ firstRow: Int, _ channel: Int, _ k: Int, _ input: Floats, _ outputGradient: Floats, _ winners: Integers,
    _ gradient: MutableFloats
  ) {
    let outputs = shape.outputPixelStride
    let line = shape.width
    let one = IntegerVector(repeating: 1)
    var sums = InlineArray<C, Tile<R, 3>>(
      repeating: Tile<R, 3>(repeating: InlineArray<3, Vector>(repeating: .zero)))
    for image in 0..<images {
      for y in 0..<shape.pooledHeight {
        let row = input + (image * shape.inputImageStride + (channel * shape.height + 2 * y + firstRow) * line)
        let target = image * shape.outputImageStride + y * shape.pooledWidth * outputs + k
        for x in 0..<shape.pooledWidth {
          let window = row + 2 * x
          for c in 0..<C {
            let offset = target + x * outputs + c * laneCount
            let g = outputGradient.vector(offset)
            let winner = winners.vector(offset)
            // 0, 1, 2, 3 lie at 0, 1, 4, 5 of the table.
            let left = winner &+ (winner & IntegerVector(repeating: 2))
            let middle = left &+ one
            let right = middle &+ one
            for r in 0..<R {
              let table = pairnet_load_table(window + r * line, window + (r + 1) * line)
              sums[unchecked: c][unchecked: r][unchecked: 0] = fma(
                pairnet_look_up(table, left), g, sums[unchecked: c][unchecked: r][unchecked: 0])
              sums[unchecked: c][unchecked: r][unchecked: 1] = fma(
                pairnet_look_up(table, middle), g, sums[unchecked: c][unchecked: r][unchecked: 1])
              sums[unchecked: c][unchecked: r][unchecked: 2] = fma(
                pairnet_look_up(table, right), g, sums[unchecked: c][unchecked: r][unchecked: 2])
            }
          }
        }
      }
    }
    for c in 0..<C {
      for r in 0..<R {
        for tap in 0..<3 {
          gradient.store(
            sums[unchecked: c][unchecked: r][unchecked: tap],
            (((firstRow + r) * 3 + tap) * shape.inputChannels + channel) * outputs + k + c * laneCount)
        }
      }
    }
  }
}
