import PairCore

/// POST /v1/studies: a grid or a list of jobs, accepted whole or not at all.
package struct SubmitRequest: Codable, Sendable {
  /// The study's name; by default one is made from its number.
  package var name: String?
  /// For a parameter's key, the values to try; what is left out has its default.
  package var grid: [String: [ParameterValue]]?
  /// Instead of a grid: each job's parameters; what is left out has its default.
  package var jobs: [[String: ParameterValue]]?
  /// Fields of the body of their own: `priority`, `labels`, `after`, `workers_max`, `time_limit_seconds`, `force`.
  package var options: StudyOptions

  package init(name: String? = nil, grid: [String: [ParameterValue]], options: StudyOptions = StudyOptions()) {
    self.name = name
    self.grid = grid
    self.options = options
  }

  package init(name: String? = nil, jobs: [JobSpec], options: StudyOptions = StudyOptions()) {
    self.name = name
    self.jobs = jobs.map(\.values)
    self.options = options
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, grid, jobs, priority, labels, after, force
    case workersMax = "workers_max"
    case timeLimitSeconds = "time_limit_seconds"
  }

  package init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(besides: CodingKeys.allCases.map(\.rawValue))
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decodeIfPresent(String.self, forKey: .name)
    options = try StudyOptions(
      validating: Priority(exactly: container.decodeIfPresent(String.self, forKey: .priority) ?? "normal"),
      labels: container.decodeIfPresent([String].self, forKey: .labels) ?? [],
      after: container.decodeIfPresent([Int64].self, forKey: .after) ?? [],
      workersMax: container.decodeIfPresent(Int.self, forKey: .workersMax),
      timeLimitSeconds: container.decodeIfPresent(Double.self, forKey: .timeLimitSeconds),
      isForced: container.decodeIfPresent(Bool.self, forKey: .force) ?? false)
    jobs = try container.decodeIfPresent([[String: ParameterValue]].self, forKey: .jobs)
    if let jobs {
      guard !container.contains(.grid) else {
        throw SpecError(key: "grid", value: "", allowed: "give either a grid or jobs")
      }
      guard (1...Grid.cellsMax).contains(jobs.count) else {
        throw SpecError(key: "jobs", value: "\(jobs.count) jobs", allowed: "give 1 to \(Grid.cellsMax)")
      }
    } else {
      grid = try container.decode([String: [ParameterValue]].self, forKey: .grid)
    }
  }

  /// What has its default is left out.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(name, forKey: .name)
    try container.encodeIfPresent(grid, forKey: .grid)
    try container.encodeIfPresent(jobs, forKey: .jobs)
    if options.priority != .normal { try container.encode(options.priority, forKey: .priority) }
    if !options.labels.isEmpty { try container.encode(options.labels, forKey: .labels) }
    if !options.after.isEmpty { try container.encode(options.after, forKey: .after) }
    try container.encodeIfPresent(options.workersMax, forKey: .workersMax)
    try container.encodeIfPresent(options.timeLimitSeconds, forKey: .timeLimitSeconds)
    if options.isForced { try container.encode(true, forKey: .force) }
  }
}

/// The answer to a submission that is on disk.
package struct SubmitResponse: Codable, Sendable {
  package var study: StudyRecord
  /// The ids of its jobs, which are consecutive, in the grid's order.
  package var firstJob: Int64
  package var lastJob: Int64
  /// How many of them had been trained before and have succeeded with the results that were there.
  package var reused: Int

  package init(study: StudyRecord, firstJob: Int64, lastJob: Int64, reused: Int) {
    self.study = study
    self.firstJob = firstJob
    self.lastJob = lastJob
    self.reused = reused
  }

  enum CodingKeys: String, CodingKey {
    case study, reused
    case firstJob = "first_job"
    case lastJob = "last_job"
  }
}

/// GET /v1/jobs
package struct JobsResponse: Codable, Sendable {
  package var jobs: [JobRecord]
  package init(jobs: [JobRecord]) { self.jobs = jobs }
}

/// GET /v1/jobs/{id}
package struct JobResponse: Codable, Sendable {
  package var job: JobRecord
  package var epochs: [EpochMetrics]
  /// Always there in what the daemon answers.
  package var provenance: JobProvenance?
  /// Why it does not run yet; only of a queued job that was asked for by itself.
  package var waiting: Waiting?

  /// The word and the sentence of a `JobWait`.
  package struct Waiting: Codable, Hashable, Sendable {
    package var because: String
    package var message: String
    package init(_ wait: JobWait) {
      because = wait.word
      message = wait.description
    }
  }

  package init(job: JobRecord, epochs: [EpochMetrics], provenance: JobProvenance?, waiting: JobWait? = nil) {
    self.job = job
    self.epochs = epochs
    self.provenance = provenance
    self.waiting = waiting.map(Waiting.init)
  }
}

/// GET /v1/jobs/details: as GET /v1/jobs/{id}, of a page of jobs.
package struct JobDetailsResponse: Codable, Sendable {
  package var jobs: [JobResponse]
  package init(jobs: [JobResponse]) { self.jobs = jobs }
}

/// GET /v1/studies
package struct StudiesResponse: Codable, Sendable {
  package var studies: [StudyRecord]
  package init(studies: [StudyRecord]) { self.studies = studies }
}

/// GET /v1/results/aggregate
package struct AggregateResponse: Codable, Sendable {
  package var metric: String
  /// The keys grouped by, in the order of columns.
  package var by: [String]
  package var rows: [AggregateRow]
  package init(metric: String, by: [String], rows: [AggregateRow]) {
    self.metric = metric
    self.by = by
    self.rows = rows
  }
}

/// GET /v1/health: the store answered and the scheduler is alive.
package struct HealthResponse: Codable, Sendable {
  package var status: String
  package init(status: String = "ok") { self.status = status }
}

/// GET /v1/status
package struct StatusResponse: Codable, Sendable {
  package var version: String
  package var numericsVersion: Int
  package var instructionSet: String
  package var pid: Int32
  package var uptimeSeconds: Double
  package var workers: Int
  /// Since when no worker takes a job; nil if they do.
  package var queuePausedAt: String?
  package var stateDirectory: String
  package var dataDirectory: String
  /// How many jobs are in each state.
  package var counts: [String: Int]
  /// The jobs that run now.
  package var running: [JobRecord]

  package init(
    version: String, numericsVersion: Int, instructionSet: String, pid: Int32, uptimeSeconds: Double, workers: Int,
    queuePausedAt: String? = nil, stateDirectory: String, dataDirectory: String, counts: [String: Int],
    running: [JobRecord]
  ) {
    self.version = version
    self.numericsVersion = numericsVersion
    self.instructionSet = instructionSet
    self.pid = pid
    self.uptimeSeconds = uptimeSeconds
    self.workers = workers
    self.queuePausedAt = queuePausedAt
    self.stateDirectory = stateDirectory
    self.dataDirectory = dataDirectory
    self.counts = counts
    self.running = running
  }

  enum CodingKeys: String, CodingKey {
    case version, pid, workers, counts, running
    case numericsVersion = "numerics_version"
    case instructionSet = "instruction_set"
    case uptimeSeconds = "uptime_seconds"
    case queuePausedAt = "queue_paused_at"
    case stateDirectory = "state_directory"
    case dataDirectory = "data_directory"
  }
}

/// GET /v1/datasets
package struct DatasetsResponse: Codable, Sendable {
  package struct Dataset: Codable, Sendable {
    package var name: String
    package var available: Bool
    /// Where it is read from, or how to get it.
    package var detail: String
    package init(name: String, available: Bool, detail: String) {
      self.name = name
      self.available = available
      self.detail = detail
    }
  }
  package var datasets: [Dataset]
  package init(datasets: [Dataset]) { self.datasets = datasets }
}

/// GET /v1/datasets/{name}: the dataset, loaded.
package struct DatasetResponse: Codable, Sendable {
  package var name: String
  /// SHA-256 of its content, as `JobProvenance.datasetDigest`.
  package var digest: String
  package var trainImages: Int
  package var testImages: Int
  package init(name: String, digest: String, trainImages: Int, testImages: Int) {
    self.name = name
    self.digest = digest
    self.trainImages = trainImages
    self.testImages = testImages
  }

  enum CodingKeys: String, CodingKey {
    case name, digest
    case trainImages = "train_images"
    case testImages = "test_images"
  }
}

/// GET /v1/datasets/{name}/pairs?seed=&count=&split=train|test
package struct PairsResponse: Codable, Sendable {
  package struct Pair: Codable, Sendable {
    /// Two images of 14 x 14 grey levels in 0...255, row by row: (2, 196).
    package var images: [[UInt8]]
    package var digits: [Int]
    /// 1 if the first digit is at most the second.
    package var target: Int
    package init(images: [[UInt8]], digits: [Int], target: Int) {
      self.images = images
      self.digits = digits
      self.target = target
    }
  }
  package var pairs: [Pair]
  package init(pairs: [Pair]) { self.pairs = pairs }
}
