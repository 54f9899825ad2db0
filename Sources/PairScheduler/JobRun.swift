import Logging
import PairCore
import PairStore
import PairTraining

/// Trains one job on the calling thread.
///
/// - It goes on from the checkpoint that `run.resume` offers, if there is one.
/// - It does what `run.ask` wants, at every step; once that is `.stop` it hands over a checkpoint and returns `.stopped`.
/// - It hands over every epoch at its end, in order. Neither epochs nor checkpoints wait for the disk.
/// - What it throws fails the job, with the error's description as the reason; the worker goes on with the next job.
///
/// A runner must refuse a dataset whose digest is not `run.job.datasetDigest`.
package typealias Runner = @Sendable (_ run: JobRun) throws -> TrainingOutcome

/// One attempt at a job, as the runner that trains it sees it. Used on the worker's thread only.
package final class JobRun {
  package let job: ClaimedJob

  private let stop: StopSignal
  private let recorder: Recorder
  private let logger: Logger
  private let onEpoch: (Int) -> Void
  private let checkpointInterval: Duration?
  private let start = ContinuousClock.now
  private var lastCheckpoint = ContinuousClock.now
  private var saved: SavedCheckpoint?
  private var verdict: Verdict

  /// - Parameters:
  ///   - checkpoint: where earlier attempts stopped.
  ///   - checkpointInterval: how long a crash may throw the training back; nil takes checkpoints only at a stop.
  ///   - onEpoch: called when so many epochs are done.
  init(
    _ job: ClaimedJob, from checkpoint: FoundCheckpoint, until stop: StopSignal, recorder: Recorder,
    checkpointInterval: Duration?, logger: Logger, onEpoch: @escaping (Int) -> Void
  ) {
    self.job = job
    self.stop = stop
    self.recorder = recorder
    self.checkpointInterval = checkpointInterval
    self.logger = logger
    self.onEpoch = onEpoch
    verdict = Verdict(epochs: job.spec.epochs, timeLimitSeconds: job.timeLimitSeconds)
    switch checkpoint {
    case .none: break
    case .void(let reason): startOver(because: CheckpointError(reason: reason))
    case .valid(let checkpoint):
      saved = checkpoint
      verdict = Verdict(
        epochs: job.spec.epochs, done: checkpoint.epochs, timeLimitSeconds: job.timeLimitSeconds)
      if checkpoint.epochs > 0 { onEpoch(checkpoint.epochs) }
    }
  }

  /// Offers the checkpoint to go on from, if there is one. Without one, and after one that `training` refuses, the
  /// training begins at its first epoch.
  package func resume(_ training: (Checkpoint) throws(CheckpointError) -> Void) {
    guard let saved else { return }
    do throws(CheckpointError) {
      let checkpoint = try Checkpoint(decoding: saved.state)
      guard checkpoint.progress.epochs == saved.epochs, checkpoint.progress.steps == saved.steps else {
        throw CheckpointError(reason: "is of another moment than the queue says")
      }
      try training(checkpoint)
    } catch {
      startOver(because: error)
    }
  }

  /// What the runner is to do now.
  package func ask() -> TrainingRequest {
    if let limit = job.timeLimitSeconds, seconds >= limit { stop.raise(.timeLimit) }
    if stop.reason != nil || verdict.isDecided { return .stop }
    guard let checkpointInterval, ContinuousClock.now - lastCheckpoint >= checkpointInterval else { return .goOn }
    return .save
  }

  /// Keeps a checkpoint instead of the one before.
  package func save(_ checkpoint: Checkpoint) {
    guard !verdict.isDecided else { return }
    lastCheckpoint = .now
    recorder.save(
      SavedCheckpoint(
        epochs: checkpoint.progress.epochs, steps: checkpoint.progress.steps, seconds: seconds,
        state: checkpoint.encoded()),
      of: job.attempt)
  }

  /// Records an epoch.
  package func record(_ metrics: EpochMetrics) {
    guard verdict.accepts(metrics) else { return }
    CrashPoint.pass("train.epoch", job: job.id)
    recorder.record(metrics, of: job.attempt)
    onEpoch(metrics.epoch)
  }

  /// Trains, and decides what becomes of the job.
  func end(by runner: Runner) -> Verdict.End {
    do {
      let outcome = try runner(self)
      verdict.ran(to: outcome, stoppedBecause: stop.reason)
    } catch {
      verdict.failed("\(error)")
    }
    return verdict.end
  }

  /// Wall-clock time of the training, with that of the attempts that it went on from.
  var duration: Duration { .seconds(seconds) }

  private var seconds: Double { (saved?.seconds ?? 0) + (ContinuousClock.now - start) / .seconds(1) }

  private func startOver(because error: CheckpointError) {
    logger.warning(
      "job \(job.id) starts from its first epoch: \(error)", metadata: ["attempt": "\(job.attempt.number)"])
    saved = nil
    verdict = Verdict(epochs: job.spec.epochs, timeLimitSeconds: job.timeLimitSeconds)
    recorder.startOver(job.attempt)
    onEpoch(0)
  }
}
