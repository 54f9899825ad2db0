import PairCore

/// POST /v1/reproductions: Table I of the report, done again. Joins a reproduction of the same plan if there is one.
package struct ReproduceRequest: Codable, Sendable {
  package var `protocol`: ReproductionProtocol
  package var dataset: String?
  /// Fresh runs of each model; 10 by default.
  package var runs: Int64?
  /// The grid's seed; the runs have those that follow.
  package var seed: Int64?
  package var epochs: Int64?
  package var trainPairs: Int64?
  package var testPairs: Int64?
  /// Starts anew even if there is one of the same plan.
  package var again: Bool?

  package init(
    protocol: ReproductionProtocol, dataset: String? = nil, runs: Int64? = nil, seed: Int64? = nil,
    epochs: Int64? = nil, trainPairs: Int64? = nil, testPairs: Int64? = nil, again: Bool? = nil
  ) {
    self.protocol = `protocol`
    self.dataset = dataset
    self.runs = runs
    self.seed = seed
    self.epochs = epochs
    self.trainPairs = trainPairs
    self.testPairs = testPairs
    self.again = again
  }

  /// - Throws: `SpecError` naming the field that is not allowed.
  package func plan() throws(SpecError) -> ReproductionPlan {
    try ReproductionPlan(
      protocol: `protocol`, dataset: dataset ?? "mnist", runs: runs ?? 10, seed: seed ?? 1, epochs: epochs,
      trainPairs: trainPairs, testPairs: testPairs)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case `protocol`, dataset, runs, seed, epochs, again
    case trainPairs = "train_pairs"
    case testPairs = "test_pairs"
  }

  package init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(besides: CodingKeys.allCases.map(\.rawValue))
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decode(String.self, forKey: .protocol)
    guard let kind = ReproductionProtocol(rawValue: name) else {
      throw SpecError(key: "protocol", value: name, oneOf: ReproductionProtocol.allCases.map(\.rawValue))
    }
    self.protocol = kind
    dataset = try container.decodeIfPresent(String.self, forKey: .dataset)
    runs = try container.decodeIfPresent(Int64.self, forKey: .runs)
    seed = try container.decodeIfPresent(Int64.self, forKey: .seed)
    epochs = try container.decodeIfPresent(Int64.self, forKey: .epochs)
    trainPairs = try container.decodeIfPresent(Int64.self, forKey: .trainPairs)
    testPairs = try container.decodeIfPresent(Int64.self, forKey: .testPairs)
    again = try container.decodeIfPresent(Bool.self, forKey: .again)
  }
}

/// GET /v1/reproductions, newest first.
package struct ReproductionsResponse: Codable, Sendable {
  package var reproductions: [ReproductionResponse.Summary]
  package init(reproductions: [ReproductionResponse.Summary]) { self.reproductions = reproductions }
}

/// GET /v1/reproductions/{id}: where it stands, and Table I as far as there is one.
package struct ReproductionResponse: Codable, Sendable {
  package enum State: String, Codable, Sendable {
    case grid, runs, done
    /// It cannot go on; `reason` says why.
    case stuck
  }

  /// What was asked for, and its studies.
  package struct Summary: Codable, Hashable, Sendable {
    package var id: Int64
    package var `protocol`: ReproductionProtocol
    package var dataset: String
    package var runs: Int
    package var seed: Int64
    package var epochs: Int
    package var trainPairs: Int
    package var testPairs: Int
    package var gridStudy: Int64
    package var runsStudy: Int64?
    package var submittedAt: String

    package init(_ record: ReproductionRecord) {
      id = record.id
      `protocol` = record.plan.protocol
      dataset = record.plan.dataset
      runs = record.plan.runs
      seed = record.plan.seed
      epochs = record.plan.epochs
      trainPairs = record.plan.trainPairs
      testPairs = record.plan.testPairs
      gridStudy = record.gridStudy
      runsStudy = record.runsStudy
      submittedAt = record.submittedAt
    }

    enum CodingKeys: String, CodingKey {
      case id, `protocol`, dataset, runs, seed, epochs
      case trainPairs = "train_pairs"
      case testPairs = "test_pairs"
      case gridStudy = "grid_study"
      case runsStudy = "runs_study"
      case submittedAt = "submitted_at"
    }
  }

  package var reproduction: Summary
  package var state: State
  package var reason: String?
  /// A row a model, once the grid has ended; figures once the runs have.
  package var rows: [ReproductionRow]
  /// What a reader must know besides: cells that diverged, how the choice flatters, how the protocols differ.
  package var remarks: [String]
  /// Sum of the durations of all jobs that were trained for this and have ended, and the time from submission to the last end once done.
  package var trainingSeconds: Double
  package var wallSeconds: Double?

  package init(
    reproduction: Summary, state: State, reason: String?, rows: [ReproductionRow], remarks: [String],
    trainingSeconds: Double, wallSeconds: Double?
  ) {
    self.reproduction = reproduction
    self.state = state
    self.reason = reason
    self.rows = rows
    self.remarks = remarks
    self.trainingSeconds = trainingSeconds
    self.wallSeconds = wallSeconds
  }

  enum CodingKeys: String, CodingKey {
    case reproduction, state, reason, rows, remarks
    case trainingSeconds = "training_seconds"
    case wallSeconds = "wall_seconds"
  }
}

/// A model's row of the reproduced Table I.
package struct ReproductionRow: Codable, Hashable, Sendable {
  package var setting: Setting
  /// The cell of the grid that the setting was chosen for, its accuracy there, and how many others had the same.
  package var gridJob: Int64
  package var gridAccuracy: Double
  package var ties: Int
  /// The fresh runs that succeeded; nil figures where there are too few.
  package var n: Int
  package var mean: Double?
  package var standardDeviation: Double?
  package var min: Double?
  package var max: Double?
  package var jobs: [Int64]
  /// Runs that did not succeed, by state.
  package var others: [String: Int]
  /// The report's row.
  package var reportSetting: Setting
  package var reportMean: Double
  package var reportStandardDeviation: Double
  /// Ours − the report's with its 95 % interval and p value, by Welch from means and standard deviations.
  package var difference: Double?
  package var intervalLow: Double?
  package var intervalHigh: Double?
  package var p: Double?
  package var conclusion: String?
  /// The chosen cell's accuracy in the grid − the mean of the fresh runs.
  package var flattery: Double? { mean.map { gridAccuracy - $0 } }

  package init(choice: Choice, reportSetting: Setting, reportMean: Double, reportStandardDeviation: Double) {
    setting = choice.setting
    gridJob = choice.job
    gridAccuracy = choice.accuracy
    ties = choice.ties
    n = 0
    jobs = []
    others = [:]
    self.reportSetting = reportSetting
    self.reportMean = reportMean
    self.reportStandardDeviation = reportStandardDeviation
  }

  enum CodingKeys: String, CodingKey {
    case setting, ties, n, mean, min, max, jobs, others, difference, p, conclusion
    case gridJob = "grid_job"
    case gridAccuracy = "grid_accuracy"
    case standardDeviation = "standard_deviation"
    case reportSetting = "report_setting"
    case reportMean = "report_mean"
    case reportStandardDeviation = "report_standard_deviation"
    case intervalLow = "interval_low"
    case intervalHigh = "interval_high"
  }
}
