import KernelAPI

/// The gradients of a convolution with max-pooling, which are sparse: of the four outputs of a pooling window only the
/// winner has one. Vectors run over the inputs that a winner saw: 3 rows of 3 pixels of C channels.
extension VectorKernels {
  /// Images whose inputs are read for all output channels before the next: 5 · 6 · 6 · 32 floats are 23 KB, within a
  /// level-1 cache.
  static let weightGradientImages = 5

  static func sparseCount(_ shape: ConvShape, images: Int) -> Int {
    min(images, inputGradientImages) * shape.pooledHeight * shape.pooledWidth * 4
      * ((shape.outputPixelStride + 63) / 64) * 2
  }

  @inline(always) static func sparseWeightGradient(
    _ shape: ConvShape, _ images: Int, _ input: Floats, _ outputGradient: Floats, _ winners: Integers,
    _ gradient: MutableFloats
  ) {
    let length = 3 * shape.inputPixelStride
    for first in stride(from: 0, to: images, by: weightGradientImages) {
      let count = min(weightGradientImages, images - first)
      let source = input + first * shape.inputImageStride
      let offset = first * shape.outputImageStride
      for channel in 0..<shape.outputPixelStride {
        @inline(always) func rows<let R: Int, let N: Int>(
          _ height: InlineArray<R, Bool>, _ width: InlineArray<N, Bool>, _ row: Int, _ start: Int
        ) {
          winnersPatches(
            height, width, shape, count, source + (row * shape.width * shape.inputPixelStride + start),
            outputGradient + (offset + channel), winners + (offset + channel),
            gradient + ((channel * 3 + row) * length + start), length, first > 0)
        }
        #if WIDE
          if length == 96 {
            rows(InlineArray<3, Bool>(repeating: true), InlineArray<6, Bool>(repeating: true), 0, 0)
            continue
          }
        #endif
        for row in 0..<3 {
          var start = 0
          while start + 96 <= length {
            rows(InlineArray<1, Bool>(repeating: true), InlineArray<6, Bool>(repeating: true), row, start)
            start += 96
          }
          if start < length {
            rows(InlineArray<1, Bool>(repeating: true), InlineArray<3, Bool>(repeating: true), row, start)
          }
        }
      }
    }
  }

  /// Adds gradient · patch over the windows of `images` images, for R rows of N vectors of one output channel's
  /// weights: each one chain of fma over images and windows.
  @inline(always) private static func winnersPatches<let R: Int, let N: Int>(
    _: borrowing InlineArray<R, Bool>, _: borrowing InlineArray<N, Bool>, _ shape: ConvShape, _ images: Int,
    _ input: Floats, _ outputGradient: Floats, _ winners: Integers, _ gradient: MutableFloats, _ length: Int,
    _ continues: Bool
  ) {
    let pixel = shape.inputPixelStride
    let line = shape.width * pixel
    let columns = shape.outputPixelStride
    var sums = Tile<R, N>(repeating: InlineArray<N, Vector>(repeating: .zero))
    if continues {
      for r in 0..<R { for n in 0..<N { sums[unchecked: r][unchecked: n] = gradient.vector(r * length + n * 16) } }
    }
    for image in 0..<images {
      var target = image * shape.outputImageStride
      for y in 0..<shape.pooledHeight {
        let row = input + (image * shape.inputImageStride + 2 * y * line)
        for x in 0..<shape.pooledWidth {
          let g = splat(outputGradient[target])
          let winner = Int(winners[target])
          let patch = row + (2 * x * pixel &+ (winner & 1) &* pixel &+ (winner &>> 1) &* line)
          for r in 0..<R {
            for n in 0..<N {
              sums[unchecked: r][unchecked: n] = fma(
                g, patch.vector(r * line + n * 16), sums[unchecked: r][unchecked: n])
            }
          }
          target &+= columns
        }
      }
    }
    for r in 0..<R { for n in 0..<N { gradient.store(sums[unchecked: r][unchecked: n], r * length + n * 16) } }
  }

  /// Images whose masks are made before their gradients.
  static let inputGradientImages = 5

  @inline(always) static func sparseInputGradient(
    _ shape: ConvShape, _ images: Int, _ weights: Floats, _ outputGradient: Floats, _ winners: Integers,
    _ inputGradient: MutableFloats, _ workspace: MutableFloats
  ) {
    let windows = shape.pooledHeight * shape.pooledWidth
    let words = (shape.outputPixelStride + 63) / 64
    let length = 3 * shape.inputPixelStride
    let pixel = shape.inputPixelStride
    let line = shape.width * pixel
    let masks = UnsafeMutableRawPointer(workspace).assumingMemoryBound(to: UInt64.self)
    for first in stride(from: 0, to: images, by: inputGradientImages) {
      let count = min(inputGradientImages, images - first)
      for image in 0..<count {
        let target = inputGradient + (first + image) * shape.inputImageStride
        for i in stride(from: 0, to: shape.height * line, by: laneCount) { target.store(Vector.zero, i) }
        for window in 0..<windows {
          let offset = (first + image) * shape.outputImageStride + window * shape.outputPixelStride
          winnerMasks(
            outputGradient + offset, winners + offset, shape.outputPixelStride, words,
            masks + (image * windows + window) * 4 * words)
        }
      }
      // Rows of taps outermost: a third of the weights, 24 KB for 32 to 64 channels, stays in the level-1 cache.
      for tapRow in 0..<3 {
        for image in 0..<count {
          for y in 0..<shape.pooledHeight {
            for x in 0..<shape.pooledWidth {
              let window = y * shape.pooledWidth + x
              let gradients =
                outputGradient + ((first + image) * shape.outputImageStride + window * shape.outputPixelStride)
              let corner =
                inputGradient
                + ((first + image) * shape.inputImageStride + (2 * y + tapRow) * line + 2 * x * pixel)
              for position in 0..<4 {
                let mask = masks + ((image * windows + window) * 4 + position) * words
                let target = corner + ((position >> 1) * line + (position & 1) * pixel)
                let rowWeights = weights + tapRow * length
                var start = 0
                while start + 96 <= length {
                  scatter(
                    InlineArray<6, Bool>(repeating: true), mask, words, gradients, rowWeights + start, 3 * length,
                    target + start)
                  start += 96
                }
                if start < length {
                  scatter(
                    InlineArray<3, Bool>(repeating: true), mask, words, gradients, rowWeights + start, 3 * length,
                    target + start)
                }
              }
            }
          }
        }
      }
    }
  }

  /// target += Σ gradient[k] · weights[k] over the output channels k in the mask, ascending.
  @inline(always) private static func scatter<let N: Int>(
    _: borrowing InlineArray<N, Bool>, _ mask: UnsafePointer<UInt64>, _ words: Int, _ gradients: Floats,
    _ weights: Floats, _ weightStride: Int, _ target: MutableFloats
  ) {
    var sums = InlineArray<N, Vector>(repeating: .zero)
    for n in 0..<N { sums[unchecked: n] = target.vector(n * 16) }
    for word in 0..<words {
      var bits = mask[word]
      while bits != 0 {
        let k = word * 64 + bits.trailingZeroBitCount
        bits &= bits &- 1
        let g = splat(gradients[k])
        let source = weights + k * weightStride
        for n in 0..<N { sums[unchecked: n] = fma(g, source.vector(n * 16), sums[unchecked: n]) }
      }
    }
    for n in 0..<N { target.store(sums[unchecked: n], n * 16) }
  }

  /// For each of the four positions in a window, the output channels that have a gradient there, as bits.
  @inline(always) private static func winnerMasks(
    _ gradients: Floats, _ winners: Integers, _ columns: Int, _ words: Int, _ masks: UnsafeMutablePointer<UInt64>
  ) {
    for word in 0..<(4 * words) { masks[word] = 0 }
    for channel in stride(from: 0, to: columns, by: laneCount) {
      let none = gradients.vector(channel) .== Vector.zero
      let winner = winners.vector(channel).replacing(with: IntegerVector(repeating: 4), where: none)
      let shift = UInt64(channel & 63)
      for position in 0..<4 {
        let isThere = winner .== IntegerVector(repeating: Int32(position))
        masks[position * words + (channel >> 6)] |= bits(of: isThere) &<< shift
      }
    }
  }

  /// Lane i as bit i.
  @inline(always) private static func bits(of mask: SIMDMask<IntegerVector>) -> UInt64 {
    let powers = IntegerVector(
      1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
    let sixteen = IntegerVector.zero.replacing(with: powers, where: mask)
    let eight = sixteen.lowHalf | sixteen.highHalf
    let four = eight.lowHalf | eight.highHalf
    let two = four.lowHalf | four.highHalf
    return UInt64(UInt32(bitPattern: two[0] | two[1]))
  }
}
