import KernelAPI
import PairCore
import PairNN

/// Trains one network as its spec says, on the calling thread.
///
/// The outcome is a pure function of the spec, the data and `numericsVersion`: the same bits on every instruction set,
/// alone or beside other trainings.
package struct Trainer: ~Copyable {
  /// Raised whenever the engine's bits change; part of every job's digest.
  package static let numericsVersion = 1

  private let spec: JobSpec
  private let train: PreparedPairs
  private let test: PreparedPairs
  package let network: Network

  /// - Parameter instructionSet: changes the speed, never the outcome.
  package init(spec: JobSpec, data: PairData, instructionSet: InstructionSet = .current) {
    self.init(spec: spec, train: data.train, test: data.test, kernels: instructionSet.kernels)
  }

  package init(
    spec: JobSpec, train: PairSet, test: PairSet, kernels: any KernelSet.Type = InstructionSet.current.kernels
  ) {
    precondition(train.count >= spec.batchSize, "\(train.count) train pairs for batches of \(spec.batchSize)")
    self.spec = spec
    self.train = PreparedPairs(train, for: spec.model)
    self.test = PreparedPairs(test, for: spec.model)
    network = Network(
      model: spec.model, batchNorm: spec.batchNorm, dropout: spec.dropout, seed: spec.seed,
      capacity: max(spec.batchSize, Network.evaluationBatch), kernels: kernels)
    network.initialise(seed: spec.seed)
  }

  /// Trains from the first epoch to the last.
  ///
  /// - Parameters:
  ///   - shouldStop: asked at every step.
  ///   - onEpoch: called at the end of every epoch.
  package mutating func run(shouldStop: () -> Bool, onEpoch: (EpochMetrics) -> Void) -> TrainingOutcome {
    var order = EpochOrder(count: train.count, seed: spec.shuffle ? spec.seed : nil)
    for epoch in 1...spec.epochs {
      switch trainEpoch(epoch, &order, shouldStop: shouldStop) {
      case .stopped: return .stopped
      case .diverged: return .diverged(epoch: epoch)
      case .loss(let loss):
        let evaluation = network.evaluation(of: test)
        guard evaluation.loss.isFinite else { return .diverged(epoch: epoch) }
        onEpoch(metrics(epoch: epoch, trainLoss: loss, evaluation))
      }
    }
    return finish()
  }

  private enum EpochOutcome {
    /// The mean over the batches.
    case loss(Double)
    case stopped
    case diverged
  }

  private func trainEpoch(_ epoch: Int, _ order: inout EpochOrder, shouldStop: () -> Bool) -> EpochOutcome {
    order.begin(epoch: epoch)
    let batches = (train.count + spec.batchSize - 1) / spec.batchSize
    var losses = 0.0
    for batch in 0..<batches {
      if shouldStop() { return .stopped }
      let first = batch * spec.batchSize
      let loss = network.train(
        on: train, batch: order.pairs[first..<min(first + spec.batchSize, train.count)],
        step: UInt32(truncatingIfNeeded: (epoch - 1) * batches + batch), learningRate: Float(spec.learningRate))
      guard loss.isFinite else { return .diverged }
      losses += loss
    }
    return .loss(losses / Double(batches))
  }

  /// For benchmarks: all epochs, with the clock's seconds of training and of evaluating the test pairs apart.
  package func measured(clock: () -> Double) -> (training: Double, evaluating: Double, accuracy: Double) {
    var order = EpochOrder(count: train.count, seed: spec.shuffle ? spec.seed : nil)
    var training = 0.0
    var evaluating = 0.0
    var accuracy = 0.0
    for epoch in 1...spec.epochs {
      let start = clock()
      _ = trainEpoch(epoch, &order, shouldStop: { false })
      let trained = clock()
      accuracy = network.evaluation(of: test).accuracy
      training += trained - start
      evaluating += clock() - trained
    }
    return (training, evaluating, accuracy)
  }

  private func metrics(epoch: Int, trainLoss: Double, _ evaluation: Evaluation) -> EpochMetrics {
    let hasDigits = spec.model.hasAuxiliaryLoss
    return EpochMetrics(
      epoch: epoch, trainLoss: trainLoss, testAccuracy: evaluation.accuracy,
      digit1Accuracy: hasDigits ? evaluation.digitAccuracy(0) : nil,
      digit2Accuracy: hasDigits ? evaluation.digitAccuracy(1) : nil)
  }

  private func finish() -> TrainingOutcome {
    let onTrain = network.evaluation(of: train)
    let onTest = network.evaluation(of: test)
    guard onTrain.loss.isFinite && onTest.loss.isFinite else { return .diverged(epoch: spec.epochs) }
    let hasDigits = spec.model.hasAuxiliaryLoss
    return .finished(
      JobResult(
        trainAccuracy: onTrain.accuracy, testAccuracy: onTest.accuracy, trainLoss: onTrain.loss,
        testLoss: onTest.loss, trainErrors: onTrain.errors, testErrors: onTest.errors,
        digit1Accuracy: hasDigits ? onTest.digitAccuracy(0) : nil,
        digit2Accuracy: hasDigits ? onTest.digitAccuracy(1) : nil, weightsSHA256: network.weightsSHA256()))
  }
}

/// The order in which an epoch sees the train pairs: a pure function of the seed and the epoch's number.
package struct EpochOrder {
  package private(set) var pairs: [Int32]
  private let seed: Int64?

  /// - Parameter seed: nil keeps the order of the pairs.
  package init(count: Int, seed: Int64?) {
    pairs = (0..<Int32(count)).map { $0 }
    self.seed = seed
  }

  /// Shuffles for an epoch, counted from 1.
  ///
  /// - Source: Fisher & Yates, in Durstenfeld's form (Knuth, volume 2, algorithm 3.4.2 P)
  package mutating func begin(epoch: Int) {
    guard let seed else { return }
    var stream = RandomStream(seed: seed, purpose: .order, index: UInt32(epoch))
    for index in pairs.indices { pairs[index] = Int32(index) }
    for last in stride(from: pairs.count - 1, to: 0, by: -1) {
      pairs.swapAt(last, Int(stream.below(UInt32(last + 1))))
    }
  }
}
