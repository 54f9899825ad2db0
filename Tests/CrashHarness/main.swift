// A daemon reduced to its store, made to be killed: it submits, claims, appends, saves checkpoints and goes on from them,
// requeues, finishes and cancels for ever, and says on standard output what has been acknowledged, one line each.
//
//   crash-harness STATE-DIRECTORY

import Dispatch
import Foundation
import PairCore
import PairStore
import StoreTesting

/// One write a line, so that lines of several threads never mix and a kill cannot cut what is acknowledged.
@Sendable func say(_ line: String) {
  let bytes = Array((line + "\n").utf8)
  _ = bytes.withUnsafeBytes { write(1, $0.baseAddress!, $0.count) }
}

@Sendable func die(_ error: any Error) -> Never {
  say("error \(error)")
  exit(1)
}

struct Unexpected: Error, CustomStringConvertible { let description: String }

do {
  let store = try Store(
    in: StateDirectory(locking: CommandLine.arguments[1]), provenance: .test())
  let recovery = try store.recover()
  say("recovered \(recovery.requeued.map(String.init).joined(separator: ","))")
  let recorder = Recorder(store: store) { die($0) }

  for worker in 1...3 {
    DispatchQueue(label: "worker.\(worker)").async {
      do {
        while true {
          guard let job = try store.claim(by: worker) else {
            let submission = try store.submit(test: specs(seeds: 1...10, epochs: 5))
            say("submitted \(submission.jobs.lowerBound) \(submission.jobs.upperBound)")
            continue
          }
          var done = 0
          switch try store.checkpoint(of: job.attempt) {
          case .none: break
          case .valid(let checkpoint): done = checkpoint.epochs
          case .void(let reason): die(Unexpected(description: "job \(job.id): the checkpoint \(reason)"))
          }
          // Some jobs stop in the middle, and go on when they are taken again.
          let stop = job.id % 5 == 0 && job.attempt.number == 1 ? 3 : job.spec.epochs
          while done < stop {
            done += 1
            recorder.record(EpochMetrics(test: done), of: job.attempt)
            if job.id % 3 != 0 {
              recorder.save(
                SavedCheckpoint(
                  epochs: done, steps: 0, seconds: Double(done), state: [UInt8](repeating: 7, count: 20_000)),
                of: job.attempt)
            }
          }
          if stop < job.spec.epochs {
            try recorder.requeue(job.attempt)
          } else if job.id % 7 == 0 {
            _ = try store.cancel(JobFilter(jobs: [job.id]), because: "cancelled by the harness")
            say("cancelled \(job.id)")
          } else {
            try recorder.finish(job.attempt, with: .succeeded(JobResult(testAccuracy: 0.5)), after: .seconds(1))
            say("finished \(job.id)")
          }
        }
      } catch { die(error) }
    }
  }
  dispatchMain()
} catch { die(error) }
