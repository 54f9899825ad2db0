import KernelAPI
import PairCore
import PairNN

/// One of the report's four networks with all its memory; nothing is allocated after `init`.
package struct Network: ~Copyable {
  package let model: Model
  package let batchNorm: Bool
  /// The most pairs of one batch.
  package let capacity: Int
  package let parameters: ParameterStore

  let towers: [Tower]
  /// Nil for `BaseNet`, whose tower ends in the target's logits.
  let head: Head?
  private let workspace: Buffer<Float>
  private let integers: Buffer<Int32>
  private let kernels: any KernelSet.Type
  private let dropout: Dropout?
  private let labels: Labels

  /// Offsets into the integers of a training batch's labels.
  struct Labels {
    /// (2, n)
    let digits: Int
    /// (n)
    let targets: Int
  }

  /// A network whose parameters are still all zero; `initialise(seed:)` or `load` gives them values.
  ///
  /// - Parameters:
  ///   - dropout: the probability, in [0, 1)
  ///   - seed: of the dropped units
  ///   - capacity: the most pairs of one batch, in training or evaluation
  package init(
    model: Model, batchNorm: Bool, dropout: Double, seed: Int64, capacity: Int,
    kernels: any KernelSet.Type = InstructionSet.current.kernels
  ) {
    precondition(capacity > 0, "a network for batches of \(capacity)")
    self.model = model
    self.batchNorm = batchNorm
    self.capacity = capacity
    self.kernels = kernels
    self.dropout = Dropout(probability: dropout, seed: seed)

    var parameters = ParameterPlan()
    var workspace = WorkspacePlan()
    if model.splitsDigits {
      (towers, head) = Self.twoDigits(
        model, batchNorm: batchNorm, capacity: capacity, kernels: kernels, parameters: &parameters,
        workspace: &workspace)
    } else {
      towers = [
        Self.baseNet(
          batchNorm: batchNorm, capacity: capacity, kernels: kernels, parameters: &parameters, workspace: &workspace)
      ]
      head = nil
    }
    labels = Labels(
      digits: workspace.integers.reserve(2 * capacity), targets: workspace.integers.reserve(capacity))
    self.parameters = ParameterStore(parameters)
    self.workspace = Buffer(count: workspace.floats.count)
    integers = Buffer(count: workspace.integers.count)
  }

  /// BaseNet: one tower that sees both digits as channels. Canonical order: its layers, then its batch norms.
  private static func baseNet(
    batchNorm: Bool, capacity: Int, kernels: any KernelSet.Type, parameters: inout ParameterPlan,
    workspace: inout WorkspacePlan
  ) -> Tower {
    var tower = Tower(
      "", branches: 0..<1, channels: 2, classes: Size.targets, batchNorm: batchNorm, capacity: capacity,
      kernels: kernels, parameters: &parameters, workspace: &workspace)
    if batchNorm { tower.norms = [BranchNorms("", parameters: &parameters, workspace: &workspace)] }
    return tower
  }

  /// The others: a tower for both digits or one each, and a head. Canonical order: the towers' layers, the batch norms
  /// of digit 1, of digit 2 and of the head, the head's layers.
  private static func twoDigits(
    _ model: Model, batchNorm: Bool, capacity: Int, kernels: any KernelSet.Type, parameters: inout ParameterPlan,
    workspace: inout WorkspacePlan
  ) -> ([Tower], Head) {
    let branches = model.sharesWeights ? [0..<2] : [0..<1, 1..<2]
    var towers = branches.enumerated().map { index, branches in
      Tower(
        "tower\(index + 1).", branches: branches, channels: 1, classes: Size.digits, batchNorm: batchNorm,
        capacity: capacity, kernels: kernels, parameters: &parameters, workspace: &workspace)
    }
    var bn4: [BatchNorm] = []
    if batchNorm {
      for branch in 0..<2 {
        let prefix = "norms\(branch + 1)."
        towers[model.sharesWeights ? 0 : branch].norms.append(
          BranchNorms(prefix, parameters: &parameters, workspace: &workspace))
        bn4.append(
          BatchNorm("\(prefix)bn4", channels: Size.digits, parameters: &parameters, workspace: &workspace))
      }
    }
    let head = Head(
      bn4: bn4, batchNorm: batchNorm, capacity: capacity, parameters: &parameters, workspace: &workspace)
    return (towers, head)
  }

  private var pass: Pass {
    Pass(
      kernels: kernels, parameters: parameters.values.start, workspace: workspace.start, integers: integers.start)
  }

  /// Draws the first parameters.
  package func initialise(seed: Int64) {
    var stream = RandomStream(seed: seed, purpose: .initialWeights)
    parameters.initialise(from: &stream)
    prepare()
  }

  /// Derives what the kernels read from the parameters; needed after they were changed from outside.
  package func prepare() {
    for index in towers.indices { towers[index].prepare(pass) }
    head?.prepare(pass)
  }

  private func tower(of branch: Int) -> Tower { towers[branch * (towers.count - 1)] }
  /// Where the logits of the two digits lie, n rows each.
  private func logits(_ n: Int) -> SIMD2<Int> {
    SIMD2(tower(of: 0).logits(branch: 0, count: n), tower(of: 1).logits(branch: 1, count: n))
  }
  private func logitGradients(_ n: Int) -> SIMD2<Int> {
    SIMD2(tower(of: 0).logitGradients(branch: 0, count: n), tower(of: 1).logitGradients(branch: 1, count: n))
  }
  /// Where the target's logits and their gradient lie: rows of 16 floats.
  private var targetLogits: Int { head?.z6 ?? towers[0].z4 }
  private var targetGradients: Int { head?.d6 ?? towers[0].d4 }

  // MARK: - Training

  /// One step of SGD.
  ///
  /// - Parameters:
  ///   - batch: numbers of pairs of `pairs`, at most `capacity`
  ///   - step: counted over the whole training; chooses the dropped units
  /// - Returns: the loss of the batch before the step, with the auxiliary losses where the model has them.
  package func train(
    on pairs: borrowing PreparedPairs, batch: ArraySlice<Int32>, step: UInt32, learningRate: Float
  ) -> Double {
    descend(on: pairs, batch: batch, step: step, by: .step(parameters, learningRate: learningRate))
  }

  /// The loss of a batch; `descent` says what becomes of the gradients. Running statistics change.
  package func descend(
    on pairs: borrowing PreparedPairs, batch: ArraySlice<Int32>, step: UInt32, by descent: Descent
  ) -> Double {
    let n = batch.count
    precondition((1...capacity).contains(n), "a batch of \(n) for a network of at most \(capacity)")
    let pass = self.pass
    gather(pairs, batch)

    let drop = DropoutStep(dropout: dropout, step: step)
    for index in towers.indices { towers[index].forward(pass, count: n, dropout: drop) }
    head?.forward(pass, count: n, logits: logits(n), dropout: drop)

    var loss = 0.0
    let scale = 1 / Float(n)
    kernels.softmaxCrossEntropy(
      rows: n, classes: Size.targets, logits: Floats(pass.workspace + targetLogits), stride: laneCount,
      labels: Integers(pass.integers + labels.targets), scale: scale, gradient: pass.workspace + targetGradients,
      accumulate: false, total: &loss)
    head?.backward(
      pass, count: n, logits: logits(n), logitGradients: logitGradients(n), keepScale: drop.keepScale,
      descent: descent)
    if model.hasAuxiliaryLoss {
      for branch in 0..<2 {
        kernels.softmaxCrossEntropy(
          rows: n, classes: Size.digits, logits: Floats(pass.workspace + logits(n)[branch]), stride: laneCount,
          labels: Integers(pass.integers + labels.digits + branch * n), scale: scale,
          gradient: pass.workspace + logitGradients(n)[branch], accumulate: true, total: &loss)
      }
    }
    for index in towers.indices { towers[index].backward(pass, count: n, keepScale: drop.keepScale, descent: descent) }
    return loss / Double(n)
  }

  /// Copies a batch's images and labels into the workspace.
  private func gather(_ pairs: borrowing PreparedPairs, _ batch: ArraySlice<Int32>) {
    let n = batch.count
    let size = pairs.imageSize
    for branch in 0..<pairs.branches {
      let tower = tower(of: branch)
      let target = workspace.start + tower.images + (branch - tower.branches.lowerBound) * n * size
      let source = pairs.images(of: branch)
      for row in 0..<n {
        (target + row * size).update(from: source + Int(batch[batch.startIndex + row]) * size, count: size)
      }
    }
    for row in 0..<n {
      let pair = Int(batch[batch.startIndex + row])
      integers.start[labels.targets + row] = pairs.targets[pair]
      integers.start[labels.digits + row] = pairs.digits[pair]
      integers.start[labels.digits + n + row] = pairs.digits[pairs.count + pair]
    }
  }

  // MARK: - Evaluation

  /// Evaluates consecutive pairs with the running statistics and without dropout, and adds what it finds to `evaluation`.
  package func evaluate(on pairs: borrowing PreparedPairs, _ range: Range<Int>, into evaluation: inout Evaluation) {
    let n = range.count
    precondition((1...capacity).contains(n), "a batch of \(n) for a network of at most \(capacity)")
    let pass = self.pass
    for branch in 0..<pairs.branches {
      tower(of: branch).evaluate(
        pass, branch: branch, count: n, images: pairs.images(of: branch) + range.lowerBound * pairs.imageSize)
    }
    head?.evaluate(pass, count: n, logits: logits(n))

    let targets = Integers(pairs.targets.start) + range.lowerBound
    let found = Floats(pass.workspace + targetLogits)
    kernels.softmaxCrossEntropy(
      rows: n, classes: Size.targets, logits: found, stride: laneCount, labels: targets, scale: 1, gradient: nil,
      accumulate: false, total: &evaluation.targetLoss)
    evaluation.errors += kernels.errorCount(
      rows: n, classes: Size.targets, logits: found, stride: laneCount, labels: targets)
    evaluation.count += n
    guard model.hasAuxiliaryLoss else { return }
    for branch in 0..<2 {
      let digits = Integers(pairs.digits.start) + (branch * pairs.count + range.lowerBound)
      let found = Floats(pass.workspace + logits(n)[branch])
      kernels.softmaxCrossEntropy(
        rows: n, classes: Size.digits, logits: found, stride: laneCount, labels: digits, scale: 1, gradient: nil,
        accumulate: false, total: &evaluation.digitLosses[branch])
      evaluation.digitErrors[branch] += kernels.errorCount(
        rows: n, classes: Size.digits, logits: found, stride: laneCount, labels: digits)
    }
  }

  /// The target's logits of row `row` of the last batch evaluated or trained on.
  package func targetLogits(row: Int) -> [Float] {
    (0..<Size.targets).map { workspace[targetLogits + row * laneCount + $0] }
  }
}
