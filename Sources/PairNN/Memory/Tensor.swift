import KernelAPI

/// One array of a network's state, with its canonical name, shape and order (PyTorch's), and where the engine keeps it.
package struct Tensor: Hashable, Sendable {
  /// What SGD changes, or what batch norm remembers.
  package enum Role: Hashable, Sendable { case parameter, runningStatistic }

  package enum Initial: Hashable, Sendable {
    /// Uniform in ±1/√fanIn.
    case uniform(fanIn: Int)
    case constant(Float)
  }

  /// From the canonical, row-major index to the engine's.
  package enum Layout: Hashable, Sendable {
    case vector
    /// (outputs, inputs), kept transposed: input i is row `lanes[i]` of `inputs` rows of `outputStride` floats.
    case linear(lanes: [Int], inputs: Int, outputStride: Int)
    /// (K, C, 3, 3) kept as `ConvShape` says.
    case convolution(ConvShape)
  }

  package let name: String
  package let shape: [Int]
  package let role: Role
  package let initial: Initial
  package let layout: Layout
  /// Where it begins in the store.
  package let offset: Int

  /// Numbers in the canonical form.
  package var count: Int { shape.reduce(1, *) }

  /// Where the store keeps the canonical number `index`.
  package func place(of index: Int) -> Int {
    switch layout {
    case .vector: return offset + index
    case .linear(let lanes, _, let outputStride):
      return offset + lanes[index % lanes.count] * outputStride + index / lanes.count
    case .convolution(let shape):
      let tap = index % 9
      let channel = index / 9 % shape.inputChannels
      let output = index / 9 / shape.inputChannels
      return offset
        + (shape.isThin
          ? (tap * shape.inputChannels + channel) * shape.outputPixelStride + output
          : (output * 9 + tap) * shape.inputPixelStride + channel)
    }
  }

  /// Copies the tensor from a store into canonical order, as `place(of:)` says; without asking it for every number.
  ///
  /// - Parameters:
  ///   - values: the store's
  ///   - numbers: room for `count` of them
  package func copy(from values: Floats, to numbers: MutableFloats) {
    var index = 0
    switch layout {
    case .vector:
      numbers.update(from: values + offset, count: count)
    case .linear(let lanes, _, let outputStride):
      for output in 0..<count / lanes.count {
        for lane in lanes {
          numbers[index] = values[offset + lane * outputStride + output]
          index += 1
        }
      }
    case .convolution(let shape):
      let outputStride = shape.isThin ? 1 : 9 * shape.inputPixelStride
      let channelStride = shape.isThin ? shape.outputPixelStride : 1
      let tapStride = shape.isThin ? shape.inputChannels * shape.outputPixelStride : shape.inputPixelStride
      for output in 0..<shape.outputChannels {
        for channel in 0..<shape.inputChannels {
          var place = offset + output * outputStride + channel * channelStride
          for _ in 0..<9 {
            numbers[index] = values[place]
            place += tapStride
            index += 1
          }
        }
      }
    }
  }

  /// Floats that the store keeps for it, with padding.
  package var storedCount: Int {
    switch layout {
    case .vector: padded(count)
    case .linear(_, let inputs, let outputStride): inputs * outputStride
    case .convolution(let shape): shape.weightCount
    }
  }
}
