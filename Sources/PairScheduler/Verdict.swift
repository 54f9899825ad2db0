import PairCore
import PairStore
import PairTraining

/// Decides what becomes of a job from what its runner reports, and trusts no runner: a job succeeds only with every epoch,
/// in order, and with finite numbers. Pure.
struct Verdict {
  enum End: Hashable {
    case finish(JobOutcome)
    case requeue(Interruption)
  }

  private let epochs: Int
  private let timeLimitSeconds: Double?
  private var epochsDone: Int
  private var decision: End?

  /// - Parameters:
  ///   - epochs: how many the job shall have.
  ///   - done: how many it has from earlier attempts.
  ///   - timeLimitSeconds: how long it may train, to be named if it took longer.
  init(epochs: Int, done: Int = 0, timeLimitSeconds: Double? = nil) {
    self.epochs = epochs
    self.timeLimitSeconds = timeLimitSeconds
    epochsDone = done
  }

  /// Whether the rest of the training cannot change the end any more.
  var isDecided: Bool { decision != nil }

  /// What to record, once the runner has returned or thrown.
  var end: End {
    guard let decision else { preconditionFailure("the runner has returned") }
    return decision
  }

  /// - Returns: whether the epoch is to be recorded.
  mutating func accepts(_ metrics: EpochMetrics) -> Bool {
    guard !isDecided else { return false }
    guard metrics.epoch == epochsDone + 1, metrics.epoch <= epochs else {
      failed("the trainer reported epoch \(metrics.epoch) of \(epochs) after epoch \(epochsDone)")
      return false
    }
    guard metrics.trainLoss.isFinite else {
      decision = .finish(.diverged(epoch: metrics.epoch))
      return false
    }
    let fractions = [metrics.testAccuracy, metrics.digit1Accuracy, metrics.digit2Accuracy].compactMap(\.self)
    guard metrics.trainLoss >= 0, fractions.allSatisfy((0...1).contains),
      (metrics.digit1Accuracy == nil) == (metrics.digit2Accuracy == nil)
    else {
      failed("the trainer reported impossible metrics for epoch \(metrics.epoch)")
      return false
    }
    epochsDone += 1
    return true
  }

  /// - Parameter reason: why the runner was asked to stop, if it was.
  mutating func ran(to outcome: TrainingOutcome, stoppedBecause reason: StopReason?) {
    guard !isDecided else { return }
    switch outcome {
    case .finished where epochsDone < epochs:
      failed("the trainer ended after \(epochsDone) of \(epochs) epochs")
    case .finished(let result):
      if !result.trainLoss.isFinite || !result.testLoss.isFinite {
        decision = .finish(.diverged(epoch: epochs))
      } else {
        decision = .finish(.succeeded(result))
      }
    case .diverged(let epoch):
      decision = .finish(.diverged(epoch: epoch))
    case .stopped:
      switch reason {
      case nil:
        failed("the trainer stopped without being asked to")
      case .timeLimit:
        let limit = timeLimitSeconds.map { " of \(TimeSpan(seconds: $0))" } ?? ""
        failed("over its time limit\(limit): stopped in epoch \(min(epochsDone + 1, epochs)) of \(epochs)")
      case let reason?:
        // What a cancelled job's attempt writes is refused, whatever it is.
        decision = .requeue(reason.interruption ?? .stopped)
      }
    }
  }

  mutating func failed(_ reason: String) {
    guard !isDecided else { return }
    decision = .finish(.failed(reason: reason))
  }
}
