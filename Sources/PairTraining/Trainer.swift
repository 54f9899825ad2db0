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
  private var progress = TrainingProgress()

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

  /// Everything that the training has changed so far.
  package func checkpoint() -> Checkpoint {
    Checkpoint(
      model: spec.model, batchNorm: spec.batchNorm, numericsVersion: Self.numericsVersion, progress: progress,
      numbers: network.numbers())
  }

  /// Goes back, or forward, to a checkpoint of the same spec and data; `run` goes on from there.
  ///
  /// - Throws: `CheckpointError` for one that this training cannot have made; then nothing has changed.
  package mutating func resume(from checkpoint: Checkpoint) throws(CheckpointError) {
    guard checkpoint.numericsVersion == Self.numericsVersion else {
      throw CheckpointError(
        reason: "is of numerics version \(checkpoint.numericsVersion), and the engine of \(Self.numericsVersion)")
    }
    guard checkpoint.model == spec.model, checkpoint.batchNorm == spec.batchNorm,
      checkpoint.numbers.count == network.numberCount
    else {
      throw CheckpointError(reason: "is of another network")
    }
    let progress = checkpoint.progress
    guard (0...spec.epochs).contains(progress.epochs),
      (0...(progress.epochs < spec.epochs ? steps : 0)).contains(progress.steps),
      progress.losses.isFinite, progress.steps > 0 || progress.losses == 0
    else {
      throw CheckpointError(
        reason: "is at step \(progress.steps) after epoch \(progress.epochs), and the job has \(spec.epochs) epochs of "
          + "\(steps) steps")
    }
    network.load(checkpoint.numbers)
    self.progress = progress
  }

  /// Trains to the last epoch, from the first or from where it resumed.
  ///
  /// - Parameters:
  ///   - ask: asked at every step, and as often while pairs are evaluated.
  ///   - onCheckpoint: called when `ask` wants a checkpoint, unless there has been no step yet.
  ///   - onEpoch: called at the end of every epoch.
  package mutating func run(
    ask: () -> TrainingRequest, onCheckpoint: (Checkpoint) -> Void = { _ in }, onEpoch: (EpochMetrics) -> Void
  ) -> TrainingOutcome {
    var order = EpochOrder(count: train.count, seed: spec.shuffle ? spec.seed : nil)
    while progress.epochs < spec.epochs {
      let epoch = progress.epochs + 1
      order.begin(epoch: epoch)
      while progress.steps < steps {
        if isStopped(ask, onCheckpoint) { return .stopped }
        guard step(&order) else { return .diverged(epoch: epoch) }
      }
      guard let evaluation = evaluation(of: test, ask, onCheckpoint) else { return .stopped }
      guard evaluation.loss.isFinite else { return .diverged(epoch: epoch) }
      let metrics = metrics(epoch: epoch, trainLoss: progress.losses / Double(steps), evaluation)
      progress = TrainingProgress(epochs: epoch)
      onEpoch(metrics)
    }
    guard let onTrain = evaluation(of: train, ask, onCheckpoint),
      let onTest = evaluation(of: test, ask, onCheckpoint)
    else { return .stopped }
    return outcome(onTrain, onTest)
  }

  /// Steps an epoch.
  private var steps: Int { (train.count + spec.batchSize - 1) / spec.batchSize }

  /// The next step of the epoch under way.
  ///
  /// - Returns: false if its loss was not finite.
  private mutating func step(_ order: inout EpochOrder) -> Bool {
    let first = progress.steps * spec.batchSize
    let loss = network.train(
      on: train, batch: order.pairs[first..<min(first + spec.batchSize, train.count)],
      step: UInt32(truncatingIfNeeded: progress.epochs * steps + progress.steps),
      learningRate: Float(spec.learningRate))
    guard loss.isFinite else { return false }
    progress.losses += loss
    progress.steps += 1
    return true
  }

  /// - Returns: whether the training is to return.
  private func isStopped(_ ask: () -> TrainingRequest, _ onCheckpoint: (Checkpoint) -> Void) -> Bool {
    let request = ask()
    if request != .goOn && progress.hasBegun { onCheckpoint(checkpoint()) }
    return request == .stop
  }

  /// - Returns: nil if the training is to return. An interrupted evaluation is done again, whole.
  private func evaluation(
    of pairs: borrowing PreparedPairs, _ ask: () -> TrainingRequest, _ onCheckpoint: (Checkpoint) -> Void
  ) -> Evaluation? {
    network.evaluation(of: pairs) { isStopped(ask, onCheckpoint) }
  }

  /// For benchmarks: all epochs, with the clock's seconds of training and of evaluating the test pairs apart.
  package mutating func measured(clock: () -> Double) -> (training: Double, evaluating: Double, accuracy: Double) {
    var order = EpochOrder(count: train.count, seed: spec.shuffle ? spec.seed : nil)
    var training = 0.0
    var evaluating = 0.0
    var accuracy = 0.0
    for epoch in 1...spec.epochs {
      let start = clock()
      progress = TrainingProgress(epochs: epoch - 1)
      order.begin(epoch: epoch)
      while progress.steps < steps, step(&order) {}
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

  private func outcome(_ onTrain: Evaluation, _ onTest: Evaluation) -> TrainingOutcome {
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
