import KernelAPI
import PairCore
import PairNN
import SyntheticDigits

/// Where the time of a training's step goes, measured on this machine.
package struct StepProfile: Sendable {
  /// What a layer's kernels of one kind take.
  package struct Row: Hashable, Sendable {
    /// As in the tensors' names; `loss` for the losses, empty for ReLU and dropout.
    package let layer: String
    package let operation: ProfiledOperation
    /// The median over the steps, of the clock on the wall: an interruption falls into few of them.
    package let seconds: Double
  }

  /// In the order of the network's tensors; only what took time.
  package let rows: [Row]
  /// The median of whole steps, of the thread's processor time: an interruption does not count.
  package let stepSeconds: Double
  package let steps: Int
  package let batchSize: Int

  package static let batchSize = 25
  private static let warmUpSteps = 3
  private static let stepsMin = 5

  /// Trains a fresh network on drawn digits for so long, and at least a few steps. Blocks the calling thread; another
  /// profile waits for this one.
  ///
  /// - Parameters:
  ///   - dropout: the probability, in [0, 1)
  ///   - duration: of processor time; on a busy machine it takes longer, up to ten times
  package static func measure(
    model: Model, batchNorm: Bool, dropout: Double, for duration: Duration,
    kernels: any KernelSet.Type = InstructionSet.current.kernels
  ) -> StepProfile {
    ProfiledKernels.recording(kernels) { setRecorder in
      let network = Network(
        model: model, batchNorm: batchNorm, dropout: dropout, seed: 1, capacity: batchSize,
        kernels: ProfiledKernels.self)
      network.initialise(seed: 1)
      let pairs = PreparedPairs(drawnPairs(), for: model)
      let recorder = KernelRecorder(network.parameters, kernels: kernels)
      setRecorder(recorder)

      var whole: [Double] = []
      var bySlot = [[Double]](repeating: [], count: recorder.seconds.count)
      var order = EpochOrder(count: pairs.count, seed: 1)
      let limit = duration / .seconds(1)
      let begun = (thread: threadSeconds(), wall: monotonicSeconds())
      var step = 0
      while step < warmUpSteps + stepsMin
        || (threadSeconds() - begun.thread < limit && monotonicSeconds() - begun.wall < 10 * limit)
      {
        let batch = step % (pairs.count / batchSize)
        if batch == 0 { order.begin(epoch: 1 + step / (pairs.count / batchSize)) }
        recorder.reset()
        let start = threadSeconds()
        _ = network.train(
          on: pairs, batch: order.pairs[batch * batchSize..<(batch + 1) * batchSize],
          step: UInt32(truncatingIfNeeded: step), learningRate: learningRate)
        if step >= warmUpSteps {
          whole.append(threadSeconds() - start)
          for slot in bySlot.indices { bySlot[slot].append(recorder.seconds[slot]) }
        }
        step += 1
      }
      return StepProfile(
        rows: rows(recorder.layers, bySlot.map(\.median)), stepSeconds: whole.median, steps: whole.count,
        batchSize: batchSize)
    }
  }

  private static let learningRate: Float = 0.1

  private static func rows(_ layers: [String], _ seconds: [Double]) -> [Row] {
    layers.enumerated().flatMap { number, layer in
      ProfiledOperation.allCases.compactMap { operation in
        let seconds = seconds[KernelRecorder.slot(layer: number, operation)]
        let name = operation == .loss ? "loss" : layer
        return seconds > 0 ? Row(layer: name, operation: operation, seconds: seconds) : nil
      }
    }
  }

  /// A few batches of drawn digits: the kernels' time hardly depends on what the digits are.
  private static func drawnPairs() -> PairSet {
    let count = 10 * batchSize
    let drawn = DigitGenerator.draw(first: 0, count: 2 * count, side: LabelledImages.side)
    return PairSet(
      RawPairs(of: LabelledImages(images: drawn.images, labels: drawn.labels), indices: Array(0..<2 * count)))
  }
}

extension PairSet {
  /// Pairs standardised by their own pixels, which must not be all of one grey.
  fileprivate init(_ raw: RawPairs) {
    self.init(raw, standardisedBy: PixelMoments(of: raw.quadruples))
  }
}

extension [Double] {
  /// The middle value, or the lower of the two in the middle; not of nothing.
  package var median: Double { sorted()[(count - 1) / 2] }
}
