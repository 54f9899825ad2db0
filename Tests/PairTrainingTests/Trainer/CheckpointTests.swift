import FuzzTesting
import MallocCounter
import PairCore
import PairNN
import PairTraining
import Testing

@Suite struct CheckpointTests {
  /// What a training leaves behind.
  struct Run: Hashable {
    var outcome: TrainingOutcome
    var epochs: [EpochMetrics]
  }

  /// Trains in pieces: each is stopped, and a new trainer goes on from the encoded checkpoint.
  ///
  /// - Parameters:
  ///   - stops: how many questions of each piece are answered with "go on" before it is stopped; one more piece ends it
  ///   - sets: the pieces' instruction sets, in turn
  private func run(
    _ spec: JobSpec, stoppingAfter stops: [Int], on sets: [InstructionSet] = [.current]
  ) throws -> (run: Run, questions: Int) {
    let data = try SmallJobs.data(spec)
    var saved: [UInt8]?
    var epochs: [EpochMetrics] = []
    var questions = 0
    for piece in 0...stops.count {
      var trainer = Trainer(spec: spec, data: data, instructionSet: sets[piece % sets.count])
      if let saved { try trainer.resume(from: Checkpoint(decoding: saved)) }
      var left = piece < stops.count ? stops[piece] : Int.max
      let outcome = trainer.run(
        ask: {
          questions += 1
          left -= 1
          return left < 0 ? .stop : .goOn
        }, onCheckpoint: { saved = $0.encoded() }, onEpoch: { epochs.append($0) })
      if outcome != .stopped { return (Run(outcome: outcome, epochs: epochs), questions) }
    }
    throw Unfinished()
  }

  private struct Unfinished: Error {}

  static let variants: [(batchNorm: Bool, dropout: Double, shuffle: Bool)] = [false, true].flatMap { batchNorm in
    [0, 0.2].flatMap { dropout in [false, true].map { (batchNorm, dropout, $0) } }
  }

  @Test(
    "A training that is stopped at any steps, once or often, ends in the bits of one that was not",
    arguments: Model.allCases, variants)
  func resumes(model: Model, variant: (batchNorm: Bool, dropout: Double, shuffle: Bool)) throws {
    let spec = SmallJobs.spec(
      model, batchNorm: variant.batchNorm, dropout: variant.dropout, epochs: 3, shuffle: variant.shuffle)
    let (expected, questions) = try run(spec, stoppingAfter: [])
    guard case .finished(let result) = expected.outcome else { throw Unfinished() }
    #expect(result.weightsSHA256.count == 64 && expected.epochs.count == 3)
    // 3 epochs of 3 steps and 1 batch of test pairs, then 1 batch each of train and test pairs.
    #expect(questions == 3 * (3 + 1) + 1 + 1)
    let seed = testSeed()
    print("PAIRNET_TEST_SEED=\(seed)")
    var random = RandomStream(seed: seed, purpose: .demonstration)
    for round in 1...2 {
      let stops = (0..<Int.random(in: 1...4, using: &random)).map { _ in
        Int.random(in: 0..<questions, using: &random)
      }
      let found = try run(spec, stoppingAfter: stops).run
      #expect(found == expected, "PAIRNET_TEST_SEED=\(seed), round \(round): stopped after \(stops)")
    }
  }

  @Test("Every single step, evaluation and final evaluation can be stopped at", arguments: Model.allCases)
  func everyQuestion(model: Model) throws {
    let spec = SmallJobs.spec(model, batchNorm: true, dropout: 0.2, trainPairs: 60, testPairs: 60, batchSize: 20)
    let (expected, questions) = try run(spec, stoppingAfter: [])
    // 2 epochs of 3 steps and 2 batches of test pairs, then 2 batches each.
    #expect(questions == 2 * (3 + 2) + 2 + 2)
    for question in 0..<questions {
      #expect(try run(spec, stoppingAfter: [question]).run == expected, "stopped after \(question) questions")
    }
    // Never more than one step at a time.
    let patient = try run(spec, stoppingAfter: Array(repeating: 1, count: 6))
    #expect(patient.run == expected)
  }

  @Test("A training may go on with another instruction set", arguments: Model.allCases)
  func instructionSets(model: Model) throws {
    let spec = SmallJobs.spec(model, batchNorm: true, dropout: 0.2)
    let expected = try run(spec, stoppingAfter: []).run
    for first in InstructionSet.available {
      for second in InstructionSet.available where second != first {
        let found = try run(spec, stoppingAfter: [2, 3, 2], on: [first, second]).run
        #expect(found == expected, "\(first), then \(second)")
      }
    }
  }

  @Test("A training that would have diverged still does, in the same epoch")
  func divergence() throws {
    let spec = SmallJobs.spec(.baseNet, batchNorm: false, epochs: 30, learningRate: 100)
    let (expected, questions) = try run(spec, stoppingAfter: [])
    guard case .diverged = expected.outcome else { throw Unfinished() }
    for question in 0..<questions { #expect(try run(spec, stoppingAfter: [question]).run == expected) }
  }

  @Test("Taking checkpoints changes nothing, and each one is a place to go on from")
  func saving() throws {
    let spec = SmallJobs.spec(.baseNetAux, batchNorm: true, dropout: 0.2)
    let expected = try run(spec, stoppingAfter: []).run
    var trainer = try Trainer(spec: spec, data: SmallJobs.data(spec))
    var checkpoints: [Checkpoint] = []
    var epochs: [EpochMetrics] = []
    let outcome = trainer.run(
      ask: { .save }, onCheckpoint: { checkpoints.append($0) }, onEpoch: { epochs.append($0) })
    #expect(Run(outcome: outcome, epochs: epochs) == expected)
    // At each question but the first, before which there is nothing to keep.
    #expect(
      checkpoints.map { [$0.progress.epochs, $0.progress.steps] } == [
        [0, 1], [0, 2], [0, 3], [1, 0], [1, 1], [1, 2], [1, 3], [2, 0], [2, 0],
      ])
    for checkpoint in checkpoints {
      var resumed = try Trainer(spec: spec, data: SmallJobs.data(spec))
      try resumed.resume(from: checkpoint)
      var later: [EpochMetrics] = []
      #expect(resumed.run(ask: { .goOn }, onEpoch: { later.append($0) }) == expected.outcome)
      #expect(later == Array(expected.epochs.dropFirst(checkpoint.progress.epochs)))
    }
  }

  @Test("An epoch's order depends on the seed and the epoch alone, whatever was drawn before")
  func orders() {
    for seed in [nil, 1, 2] as [Int64?] {
      var straight = EpochOrder(count: 50, seed: seed)
      for epoch in 1...5 {
        straight.begin(epoch: epoch)
        var fresh = EpochOrder(count: 50, seed: seed)
        fresh.begin(epoch: epoch)
        #expect(fresh.pairs == straight.pairs)
      }
    }
  }

  @Test("The binary form is the one documented, byte for byte")
  func layout() throws {
    let checkpoint = Checkpoint(
      model: .baseNetWeightShare, batchNorm: true, numericsVersion: 7,
      progress: TrainingProgress(epochs: 258, steps: 3, losses: 1.5), numbers: [1, Float(bitPattern: 0x7F80_0001)])
    var expected = Array("pairckpt".utf8)
    expected += [1, 0, 0, 0] + [7, 0, 0, 0] + [2, 1, 0, 0] + [2, 0, 0, 0]
    expected += [2, 1, 0, 0, 0, 0, 0, 0] + [3, 0, 0, 0, 0, 0, 0, 0] + [0, 0, 0, 0, 0, 0, 0xF8, 0x3F]
    expected += [0, 0, 0x80, 0x3F] + [1, 0, 0x80, 0x7F]
    #expect(checkpoint.encoded() == expected)
    // No number is equal to itself if it is none, so that bytes are compared.
    #expect(try Checkpoint(decoding: expected).encoded() == expected)
  }

  static let refusals: [(change: @Sendable (inout [UInt8]) -> Void, reason: String)] = [
    ({ $0 = [] }, "has 0 bytes, and its header alone 48"),
    ({ $0.removeLast($0.count - 47) }, "has 47 bytes, and its header alone 48"),
    ({ $0[0] = 0 }, "does not begin with 'pairckpt'"),
    ({ $0[8] = 2 }, "has version 2, and this program reads version 1"),
    ({ $0[12] = 9 }, "is of numerics version 9, and the engine of \(Trainer.numericsVersion)"),
    ({ $0[16] = 4 }, "is of no known model"),
    ({ $0[16] = 1 }, "is of another network"),
    ({ $0[17] = 0 }, "is of another network"),
    ({ $0[17] = 2 }, "has a damaged header"),
    ({ $0[18] = 1 }, "has a damaged header"),
    ({ $0[31] = 0x80 }, "has a damaged header"),
    ({ $0[24] = 3 }, "is at step 2 after epoch 3, and the job has 2 epochs of 3 steps"),
    ({ $0[24] = 2 }, "is at step 2 after epoch 2, and the job has 2 epochs of 3 steps"),
    ({ $0[32] = 4 }, "is at step 4 after epoch 0, and the job has 2 epochs of 3 steps"),
    ({ $0[32] = 0 }, "is at step 0 after epoch 0, and the job has 2 epochs of 3 steps"),
    (
      {
        $0[46] = 0xF0
        $0[47] = 0x7F
      }, "is at step 2 after epoch 0, and the job has 2 epochs of 3 steps"
    ),
  ]

  @Test("What is no checkpoint, or one of another training, is refused with the reason", arguments: refusals)
  func refuses(change: @Sendable (inout [UInt8]) -> Void, reason: String) throws {
    let spec = SmallJobs.spec(.baseNet, batchNorm: true)
    var bytes = try checkpoint(of: spec, after: 2)
    change(&bytes)
    #expect(throws: CheckpointError(reason: reason)) {
      var trainer = try Trainer(spec: spec, data: SmallJobs.data(spec))
      try trainer.resume(from: Checkpoint(decoding: bytes))
    }
  }

  @Test("A byte more or less is refused")
  func length() throws {
    let bytes = try checkpoint(of: SmallJobs.spec(.baseNet, batchNorm: false), after: 1)
    for bytes in [Array(bytes.dropLast()), bytes + [0]] {
      #expect(throws: CheckpointError.self) { try Checkpoint(decoding: bytes) }
    }
  }

  @Test("No bytes crash the reader, and what it accepts says the same when it is written again")
  func fuzz() throws {
    let spec = SmallJobs.spec(.baseNet, batchNorm: true)
    let valid = try checkpoint(of: spec, after: 2)
    var trainer = try Trainer(spec: spec, data: SmallJobs.data(spec))
    var run = FuzzRun("checkpoints", cases: 400)
    var accepted = 0
    for index in 0..<run.cases {
      // Small ones too, so that most rounds are spent on the header and not on copying weights.
      var bytes = index % 40 == 0 ? valid : Array(valid.prefix(48 + Int.random(in: 0...40, using: &run)))
      if index % 2 == 0 {  // A count that fits, so that later checks are reached as well.
        let count = UInt32(max(0, bytes.count - 48) / 4)
        for byte in 0..<4 { bytes[20 + byte] = UInt8(truncatingIfNeeded: count >> UInt32(8 * byte)) }
        bytes.removeLast((bytes.count - 48) % 4)
      }
      for _ in 0..<Int.random(in: 0...4, using: &run) {
        bytes[Int.random(in: 8..<min(48, bytes.count), using: &run)] = UInt8.random(in: 0...255, using: &run)
      }
      guard let checkpoint = try? Checkpoint(decoding: bytes) else { continue }
      accepted += 1
      let isSame = checkpoint.encoded() == bytes  // Half a megabyte is nothing to print.
      #expect(isSame, "\(run.place(index))")
      try? trainer.resume(from: checkpoint)
    }
    #expect(accepted > 0)
  }

  @Test("No step allocates after the first but where a checkpoint is taken", arguments: [false, true])
  func allocations(batchNorm: Bool) throws {
    guard malloc_count() >= 0 else { return }
    let spec = SmallJobs.spec(
      .baseNetWeightShareAux, batchNorm: batchNorm, dropout: 0.2, trainPairs: 60, batchSize: 6, epochs: 2)
    var trainer = try Trainer(spec: spec, data: SmallJobs.data(spec))
    var counts = [Int](repeating: 0, count: 64)
    var questions = 0
    let outcome = trainer.run(
      ask: {
        counts[questions] = malloc_count()
        questions += 1
        return questions == 5 ? .save : .goOn
      }, onEpoch: { _ in })
    guard case .finished = outcome else { throw Unfinished() }
    let allocated = zip(counts[1..<questions], counts[..<questions]).map { $0 - $1 }
    // Question 5 is answered with "save". Questions 1 to 10 are the first epoch's steps and 11 its evaluation, after which
    // the next order is drawn, which allocates in unoptimised builds.
    for (index, count) in allocated.enumerated() where index > 0 && index != 10 {
      #expect((count > 0) == (index == 4), "\(count) allocations after question \(index + 1)")
    }
  }

  private func checkpoint(of spec: JobSpec, after steps: Int) throws -> [UInt8] {
    var trainer = try Trainer(spec: spec, data: SmallJobs.data(spec))
    var questions = 0
    var bytes: [UInt8] = []
    _ = trainer.run(
      ask: {
        questions += 1
        return questions > steps ? .stop : .goOn
      }, onCheckpoint: { bytes = $0.encoded() }, onEpoch: { _ in })
    return bytes
  }
}
