import MallocCounter
import PairCore
import PairNN
import PairTraining
import Testing

@Suite struct TrainerTests {
  @Test(
    "A job's weights, metrics and result are the same bits on every instruction set", arguments: Model.allCases,
    [false, true])
  func instructionSets(model: Model, batchNorm: Bool) throws {
    let spec = SmallJobs.spec(model, batchNorm: batchNorm, dropout: 0.2)
    let expected = try SmallJobs.run(spec, on: .baseline)
    for set in InstructionSet.available {
      let found = try SmallJobs.run(spec, on: set)
      #expect(found.0 == expected.0, "\(set)")
      #expect(found.1 == expected.1, "\(set)")
    }
  }

  @Test("The same job twice ends in the same weights; another seed, or another dropout, in others")
  func determinism() throws {
    let spec = SmallJobs.spec(.baseNetWeightShareAux, batchNorm: true, dropout: 0.5)
    let first = try SmallJobs.result(spec)
    #expect(first != nil)
    #expect(try SmallJobs.result(spec) == first)
    let other = SmallJobs.spec(.baseNetWeightShareAux, batchNorm: true, dropout: 0.2)
    #expect(try SmallJobs.result(other)?.weightsSHA256 != first?.weightsSHA256)
  }

  @Test("Jobs on many threads at once end in the same weights")
  func threads() async throws {
    let spec = SmallJobs.spec(.baseNetAux, batchNorm: true, dropout: 0.2)
    let expected = try SmallJobs.result(spec)
    let results = try await withThrowingTaskGroup(of: JobResult?.self) { group in
      for _ in 0..<8 { group.addTask { try SmallJobs.result(spec) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count == 8 && results.allSatisfy { $0 == expected })
  }

  @Test("Any batch size trains, the last batch being smaller", arguments: [1, 2, 7, 16], Model.allCases)
  func batchSizes(batchSize: Int, model: Model) throws {
    let spec = SmallJobs.spec(model, batchNorm: batchSize % 2 == 0, dropout: 0.1, batchSize: batchSize)
    let (outcome, epochs) = try SmallJobs.run(spec)
    guard case .finished(let result) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(epochs.map(\.epoch) == [1, 2])
    #expect(result.testAccuracy == Double(7 - result.testErrors) / 7)
    #expect(result.trainAccuracy == Double(16 - result.trainErrors) / 16)
    #expect(epochs.last?.testAccuracy == result.testAccuracy)
    #expect((result.digit1Accuracy != nil) == model.hasAuxiliaryLoss)
    #expect((epochs[0].digit2Accuracy != nil) == model.hasAuxiliaryLoss)
  }

  @Test("Training learns: the loss falls and the train pairs are told apart", arguments: Model.allCases)
  func learning(model: Model) throws {
    let spec = SmallJobs.spec(model, batchNorm: true, trainPairs: 60, batchSize: 10, epochs: 20)
    let (outcome, epochs) = try SmallJobs.run(spec)
    guard case .finished(let result) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(epochs[19].trainLoss < epochs[0].trainLoss / 2)
    #expect(result.trainAccuracy > 0.9)
  }

  @Test("What an evaluation finds does not depend on its batch size", arguments: Model.allCases, [false, true])
  func evaluationBatches(model: Model, batchNorm: Bool) throws {
    let spec = SmallJobs.spec(model, batchNorm: batchNorm, trainPairs: 16, testPairs: 40)
    let trainer = try Trainer(spec: spec, data: SmallJobs.data(spec))
    let pairs = PreparedPairs(try SmallJobs.data(spec).test, for: model)
    let expected = trainer.network.evaluation(of: pairs)
    for batch in [1, 3, 7, 39] { #expect(trainer.network.evaluation(of: pairs, batch: batch) == expected) }
  }

  @Test("A training that is asked to stop does so at the next step")
  func stopping() throws {
    let spec = SmallJobs.spec(.baseNet, batchNorm: false)
    var trainer = try Trainer(spec: spec, data: SmallJobs.data(spec))
    var steps = 0
    let outcome = trainer.run(
      ask: {
        steps += 1
        return steps > 4 ? .stop : .goOn
      }, onEpoch: { #expect($0.epoch == 1) })
    #expect(outcome == .stopped)
    #expect(steps == 5)
  }

  @Test("A loss that is not finite ends the training as diverged, with the epoch", arguments: Model.allCases)
  func divergence(model: Model) throws {
    let spec = SmallJobs.spec(model, batchNorm: false, epochs: 30, learningRate: 100)
    let (outcome, epochs) = try SmallJobs.run(spec)
    guard case .diverged(let epoch) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(epoch == epochs.count + 1)
    #expect(epochs.allSatisfy { $0.trainLoss.isFinite })
  }

  @Test("Without shuffling every epoch sees the pairs in their order; with it, never the same order twice")
  func order() {
    var kept = EpochOrder(count: 100, seed: nil)
    kept.begin(epoch: 3)
    #expect(kept.pairs == Array(0..<100))
    var shuffled = EpochOrder(count: 100, seed: 1)
    let orders = (1...5).map { epoch in
      shuffled.begin(epoch: epoch)
      return shuffled.pairs
    }
    #expect(Set(orders).count == 5 && orders.allSatisfy { $0.sorted() == Array(0..<100) })
    var again = EpochOrder(count: 100, seed: 1)
    again.begin(epoch: 4)
    #expect(again.pairs == orders[3])
  }

  @Test("No step allocates, in training or evaluation", arguments: Model.allCases, [false, true])
  func allocations(model: Model, batchNorm: Bool) throws {
    guard malloc_count() >= 0 else { return }
    let spec = SmallJobs.spec(model, batchNorm: batchNorm, dropout: 0.2)
    let pairs = PreparedPairs(try SmallJobs.data(spec).train, for: model)
    let network = Network(
      model: model, batchNorm: batchNorm, dropout: spec.dropout, seed: spec.seed, capacity: spec.batchSize)
    network.initialise(seed: spec.seed)
    let order = (0..<Int32(16)).map { $0 }
    func step(_ number: UInt32) -> Double {
      var evaluation = Evaluation()
      let loss = network.train(on: pairs, batch: order[0..<6], step: number, learningRate: 0.1)
      network.evaluate(on: pairs, 6..<12, into: &evaluation)
      return loss + evaluation.loss
    }
    var sum = step(0)
    let before = malloc_count()
    for number in 1..<4 { sum += step(UInt32(number)) }
    #expect(malloc_count() - before == 0)
    #expect(sum.isFinite)
  }
}
