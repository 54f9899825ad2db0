/// Why a queued job does not run yet, in the order in which the queue asks: the first reason that holds.
package enum JobWait: Hashable, Sendable {
  /// No worker takes a job: the queue was paused or drained.
  case queuePaused(since: String)
  /// A job that may have brought down the daemon runs alone, and nothing else is taken.
  case suspectRuns(job: Int64)
  /// Its study comes after others that have not ended.
  case studiesBefore([Unfinished])
  /// Its study has as many jobs running as it asked for.
  case studyLimit(study: Int64, workersMax: Int)
  /// A job of the same digest is trained, whose result it will share.
  case sameTraining(job: Int64)
  /// It may have brought down the daemon itself, and is taken only when nothing else runs.
  case runsAlone(crashes: Int)
  /// So many queued jobs of a higher priority, or of the same and submitted earlier, go first. Those of studies that must
  /// wait are not among them.
  case turn(before: Int)

  /// A study and how many of its jobs have not ended.
  package struct Unfinished: Hashable, Sendable {
    package var study: Int64
    /// Of the states queued, running and paused; those that have none are left out.
    package var counts: [JobState: Int]

    package init(study: Int64, counts: [JobState: Int]) {
      self.study = study
      self.counts = counts
    }
  }

  /// What decides, read at one moment.
  package struct Facts: Hashable, Sendable {
    package var queuePausedAt: String?
    /// A running job that must run alone.
    package var suspect: Int64?
    package var study: Int64
    /// Those that the job's study comes after and that have not ended, ascending.
    package var unfinished: [Unfinished]
    package var workersMax: Int?
    /// How many jobs of its study run.
    package var studyRunning: Int
    /// The running job of its digest, unless this one is forced.
    package var sameTraining: Int64?
    package var crashes: Int
    /// Whether it has to run alone.
    package var isSuspect: Bool
    package var before: Int

    package init(
      queuePausedAt: String? = nil, suspect: Int64? = nil, study: Int64, unfinished: [Unfinished] = [],
      workersMax: Int? = nil, studyRunning: Int = 0, sameTraining: Int64? = nil, crashes: Int = 0,
      isSuspect: Bool = false, before: Int = 0
    ) {
      self.queuePausedAt = queuePausedAt
      self.suspect = suspect
      self.study = study
      self.unfinished = unfinished
      self.workersMax = workersMax
      self.studyRunning = studyRunning
      self.sameTraining = sameTraining
      self.crashes = crashes
      self.isSuspect = isSuspect
      self.before = before
    }
  }

  package init(_ facts: Facts) {
    if let since = facts.queuePausedAt {
      self = .queuePaused(since: since)
    } else if let job = facts.suspect {
      self = .suspectRuns(job: job)
    } else if !facts.unfinished.isEmpty {
      self = .studiesBefore(facts.unfinished)
    } else if let workersMax = facts.workersMax, facts.studyRunning >= workersMax {
      self = .studyLimit(study: facts.study, workersMax: workersMax)
    } else if let job = facts.sameTraining {
      self = .sameTraining(job: job)
    } else if facts.isSuspect {
      self = .runsAlone(crashes: facts.crashes)
    } else {
      self = .turn(before: facts.before)
    }
  }

  /// A word to branch on.
  package var word: String {
    switch self {
    case .queuePaused: "queue_paused"
    case .suspectRuns: "job_runs_alone"
    case .studiesBefore: "studies_before"
    case .studyLimit: "study_limit"
    case .sameTraining: "same_training"
    case .runsAlone: "must_run_alone"
    case .turn: "turn"
    }
  }

  package static let words = [
    "queue_paused", "job_runs_alone", "studies_before", "study_limit", "same_training", "must_run_alone", "turn",
  ]
}

extension JobWait: CustomStringConvertible {
  /// The reason as part of a sentence, as in "waits: …".
  package var description: String {
    switch self {
    case .queuePaused(let since): "the queue has been paused or drained since \(since)"
    case .suspectRuns(let job):
      "job \(job) runs alone, because the daemon died whenever it ran, and no other is taken meanwhile"
    case .studiesBefore(let studies):
      "its study comes after "
        + studies.map { "study \($0.study), of which \(Self.text($0.counts))" }.joined(separator: ", and after ")
    case .studyLimit(let study, let workersMax):
      "\(workersMax) of study \(study) \(workersMax == 1 ? "is" : "are") running, as many as it may at a time"
    case .sameTraining(let job): "job \(job) is the same training and running: its result will be this one's"
    case .runsAlone(let crashes):
      "the daemon died \(crashes == 1 ? "once" : "\(crashes) times") while it ran, so that it runs alone: when no other "
        + "job runs or could be taken before it"
    case .turn(before: 0): "it is next: the next free worker takes it"
    case .turn(let before): "\(before) queued \(before == 1 ? "job is" : "jobs are") before it"
    }
  }

  /// "2 jobs are queued, 1 is paused".
  private static func text(_ counts: [JobState: Int]) -> String {
    var parts: [String] = []
    for state in JobState.allCases {
      guard let count = counts[state], count > 0 else { continue }
      let noun = parts.isEmpty ? (count == 1 ? " job" : " jobs") : ""
      parts.append("\(count)\(noun) \(count == 1 ? "is" : "are") \(state.rawValue)")
    }
    return parts.joined(separator: ", ")
  }
}
