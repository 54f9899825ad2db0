import PairCore

/// GET /v1/studies/{id}/progress
package struct ProgressResponse: Codable, Hashable, Sendable {
  /// Differs between any two answers that may differ, also across restarts of the daemon: give it back as `after`.
  package var version: String
  package var study: StudyRecord
  /// The study's jobs that run now.
  package var running: [Running]

  package struct Running: Codable, Hashable, Sendable {
    package var job: Int64
    package var worker: Int?
    package var epochsDone: Int
    package var epochs: Int

    package init(job: Int64, worker: Int?, epochsDone: Int, epochs: Int) {
      self.job = job
      self.worker = worker
      self.epochsDone = epochsDone
      self.epochs = epochs
    }

    enum CodingKeys: String, CodingKey {
      case job, worker, epochs
      case epochsDone = "epochs_done"
    }
  }

  package init(version: String, study: StudyRecord, running: [Running]) {
    self.version = version
    self.study = study
    self.running = running
  }

  /// Whether every job of the study has ended.
  package var isDone: Bool { study.hasEnded }
}
