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

  /// Floats that the store keeps for it, with padding.
  package var storedCount: Int {
    switch layout {
    case .vector: padded(count)
    case .linear(_, let inputs, let outputStride): inputs * outputStride
    case .convolution(let shape): shape.weightCount
    }
  }
}
