import PairAPI
import PairCore

/// How far some jobs have come.
struct JobProgress: Hashable {
  struct Running: Hashable {
    var epochsDone: Int
    var epochs: Int
  }

  /// Number of jobs by state.
  var counts: [JobState: Int]
  var running: [Running] = []

  init(counts: [JobState: Int], running: [Running] = []) {
    self.counts = counts
    self.running = running
  }

  init(_ answer: ProgressResponse) {
    counts = Dictionary(uniqueKeysWithValues: JobState.allCases.map { ($0, answer.study.count($0)) })
    running = answer.running.map { Running(epochsDone: $0.epochsDone, epochs: $0.epochs) }
  }

  init(_ jobs: [JobRecord]) {
    counts = jobs.reduce(into: [:]) { $0[$1.state, default: 0] += 1 }
    running = jobs.filter { $0.state == .running }.map { Running(epochsDone: $0.epochsDone, epochs: $0.spec.epochs) }
  }

  func count(_ state: JobState) -> Int { counts[state] ?? 0 }
  var total: Int { counts.values.reduce(0, +) }
  /// Jobs that have ended, well or not.
  var ended: Int { JobState.allCases.filter(\.isTerminal).reduce(0) { $0 + count($1) } }
  var isDone: Bool { ended == total }
  var allSucceeded: Bool { count(.succeeded) == total }

  /// The part of the work that is done, in 0...1; a running job counts by its epochs.
  var fraction: Double {
    guard total > 0 else { return 1 }
    let partial = running.reduce(0.0) { sum, job in
      job.epochs > 0 ? sum + min(1, Double(job.epochsDone) / Double(job.epochs)) : sum
    }
    return min(1, (Double(ended) + min(partial, Double(count(.running)))) / Double(total))
  }

  /// `12 succeeded, 1 failed`: the states that have jobs, in the order of a job's life.
  var summary: String {
    let parts = JobState.allCases.filter { count($0) > 0 }.map { "\(Format.count(count($0))) \($0.rawValue)" }
    return parts.isEmpty ? "no jobs" : parts.joined(separator: ", ")
  }
}
