import Glibc

/// The specs that all scenarios submit, and what an undisturbed daemon makes of them.
package struct Universe: Sendable {
  /// Parameters as the API takes them, each a job of a few milliseconds to a second.
  static let specs: [[String: JSONValue]] = {
    var specs: [[String: JSONValue]] = []
    for (index, model) in ["BaseNet", "BaseNetAux", "BaseNetWeightShare", "BaseNetWeightShareAux"].enumerated() {
      for batchNorm in [false, true] {
        for (epochs, dropout) in [(3, 0.0), (12, 0.25), (40, 0.5), (300, 0.1)] {
          for seed in 1...(epochs < 300 ? 2 : 1) {
            specs.append([
              "model": .text(model), "batch_norm": .flag(batchNorm), "dropout": .number(dropout),
              "epochs": .integer(epochs + index), "seed": .integer(seed), "dataset": .text(TinyDataset.name),
              "train_pairs": .integer(40), "learning_rate": .number(0.03), "test_pairs": .integer(20),
              "batch_size": .integer(10),
            ])
          }
        }
      }
    }
    // Networks whose loss does not stay finite.
    specs += specs.filter {
      $0["batch_norm"] == .flag(false) && $0["dropout"] == .number(0.25) && $0["seed"] == .integer(1)
    }.map { $0.merging(["learning_rate": .number(100)]) { $1 } }
    return specs
  }()

  /// How a job of the spec at that place ends.
  static func end(ofSpec index: Int) -> String {
    specs[index]["learning_rate"] == .number(0.03) ? "succeeded" : "diverged"
  }

  /// By spec digest, everything that is a function of the spec.
  private var table: [String: Snapshot.Outcome]

  /// Trains every spec once, in a directory of its own, with nothing in the way.
  package init() throws {
    let directory = try Directory()
    let daemon = try Daemon(in: directory)
    guard daemon.isReady() else { throw Child.Failure(description: "the daemon does not start: \(daemon.log)") }
    let answer = daemon.client.post("/v1/studies", ["jobs": Self.specs.map { $0.mapValues(\.object) }])
    guard answer.body != nil else { throw Child.Failure(description: "the reference is refused: \(answer)") }
    guard daemon.settles(seconds: 300) else { throw Child.Failure(description: "the reference does not end") }
    guard daemon.stop() == 0 else { throw Child.Failure(description: "the daemon does not stop: \(daemon.log)") }
    let snapshot = try Snapshot(of: "\(daemon.state)/pairnet.db", in: directory)
    let ends = snapshot.jobs.sorted { $0.key < $1.key }.map(\.value.state)
    guard ends == Self.specs.indices.map(Self.end), snapshot.violations.isEmpty else {
      throw Child.Failure(description: "the reference is not whole: \(ends), \(snapshot.violations)")
    }
    table = Dictionary(snapshot.outcomes.values.map { ($0.digest, $0) }) { first, _ in first }
  }

  /// How an outcome differs from the undisturbed one of the same spec, or nil.
  func difference(of outcome: Snapshot.Outcome) -> String? {
    guard let expected = table[outcome.digest] else { return "a spec nobody submitted: \(outcome.digest)" }
    guard outcome != expected else { return nil }
    let index = zip(outcome.bits, expected.bits).enumerated().first { $1.0 != $1.1 }?.offset
    return "\(outcome.bits.count) numbers for \(expected.bits.count), the first difference at \(index ?? -1)"
  }
}

/// A value of a spec, in a form that may be shared between threads.
enum JSONValue: Hashable, Sendable {
  case text(String)
  case integer(Int)
  case number(Double)
  case flag(Bool)

  var object: Any {
    switch self {
    case .text(let text): text
    case .integer(let number): number
    case .number(let number): number
    case .flag(let flag): flag
    }
  }
}

extension Daemon {
  /// Waits until nothing is queued and nothing runs.
  func settles(seconds: Double) -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
      if let counts = client.get("/v1/status").body?["counts"] as? [String: Int],
        counts["queued", default: 0] + counts["running", default: 0] == 0
      {
        return true
      }
      if child.hasEnded != nil { return false }
      usleep(10_000)
    }
    return false
  }
}
