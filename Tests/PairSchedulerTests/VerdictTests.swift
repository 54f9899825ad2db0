import PairCore
import PairStore
import PairTraining
import StoreTesting
import Testing

@testable import PairScheduler

@Suite struct VerdictTests {
  static let good = JobResult(testAccuracy: 0.5)

  static let cases: [(epochs: [EpochMetrics], outcome: TrainingOutcome, reason: StopReason?, end: Verdict.End)] = [
    ([1, 2].map { EpochMetrics(test: $0) }, .finished(good), nil, .finish(.succeeded(good))),
    ([1, 2].map { EpochMetrics(test: $0) }, .finished(good), .stop, .finish(.succeeded(good))),
    (
      [EpochMetrics(test: 1)], .finished(good), nil,
      .finish(.failed(reason: "the trainer ended after 1 of 2 epochs"))
    ),
    ([EpochMetrics(test: 1)], .stopped, .stop, .requeue(.stopped)),
    ([], .stopped, .preempt, .requeue(.preempted)),
    ([EpochMetrics(test: 1)], .stopped, .pause, .requeue(.paused)),
    (
      [EpochMetrics(test: 1)], .stopped, .timeLimit,
      .finish(.failed(reason: "over its time limit of 10m: stopped in epoch 2 of 2"))
    ),
    ([1, 2].map { EpochMetrics(test: $0) }, .finished(good), .timeLimit, .finish(.succeeded(good))),
    ([], .stopped, nil, .finish(.failed(reason: "the trainer stopped without being asked to"))),
    ([EpochMetrics(test: 1)], .diverged(epoch: 2), nil, .finish(.diverged(epoch: 2))),
    ([EpochMetrics(epoch: 1, trainLoss: .nan, testAccuracy: 0.5)], .stopped, nil, .finish(.diverged(epoch: 1))),
    (
      [EpochMetrics(test: 2)], .finished(good), nil,
      .finish(.failed(reason: "the trainer reported epoch 2 of 2 after epoch 0"))
    ),
    (
      [1, 2, 3].map { EpochMetrics(test: $0) }, .finished(good), nil,
      .finish(.failed(reason: "the trainer reported epoch 3 of 2 after epoch 2"))
    ),
    (
      [EpochMetrics(epoch: 1, trainLoss: 1, testAccuracy: 2)], .finished(good), nil,
      .finish(.failed(reason: "the trainer reported impossible metrics for epoch 1"))
    ),
    ([1, 2].map { EpochMetrics(test: $0) }, .finished(infinite), nil, .finish(.diverged(epoch: 2))),
  ]
  private static var infinite: JobResult {
    var result = good
    result.testLoss = .infinity
    return result
  }

  @Test("A job of two epochs ends as its trainer's reports deserve", arguments: cases)
  func verdict(epochs: [EpochMetrics], outcome: TrainingOutcome, reason: StopReason?, end: Verdict.End) {
    var verdict = Verdict(epochs: 2, timeLimitSeconds: 600)
    for metrics in epochs { _ = verdict.accepts(metrics) }
    verdict.ran(to: outcome, stoppedBecause: reason)
    #expect(verdict.end == end)
  }
}
