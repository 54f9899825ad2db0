import PairCore

/// POST /v1/results/compare: settings to hold against each other, each the jobs that its filter matches.
package struct CompareRequest: Codable, Sendable {
  package var settings: [Setting]
  /// One of `AggregateQuery.metrics`.
  package var metric: String
  /// Of the intervals, in (0.5, 0.9999].
  package var level: Double
  /// The half-width wanted of the interval of a difference, in the metric's own unit (0.005 for half a point of
  /// accuracy), at most `halfWidthMax`; nil not to ask how many seeds it takes.
  package var halfWidth: Double?
  /// Wider than any metric, and far from where a width in points would overflow.
  package static let halfWidthMax = 1_000_000.0
  /// Compare each setting with the first alone, instead of all pairs.
  package var againstFirst: Bool
  /// Compare only within groups of so many settings that follow each other; nil for one group of all.
  package var groupsOf: Int?

  package struct Setting: Codable, Sendable {
    /// What to call it in sentences.
    package var name: String
    package var filter: JobFilter

    package init(name: String, filter: JobFilter) {
      self.name = name
      self.filter = filter
    }

    enum CodingKeys: String, CodingKey, CaseIterable { case name, filter }

    package init(from decoder: any Decoder) throws {
      try decoder.refuseKeys(besides: CodingKeys.allCases.map(\.rawValue))
      let container = try decoder.container(keyedBy: CodingKeys.self)
      name = try container.decode(String.self, forKey: .name)
      let filterDecoder = try container.superDecoder(forKey: .filter)
      try filterDecoder.refuseKeys(besides: JobFilter.bodyKeys)
      filter = try JobFilter(body: filterDecoder)
    }
  }

  package init(
    settings: [Setting], metric: String = "test_accuracy", level: Double = 0.95, halfWidth: Double? = nil,
    againstFirst: Bool = false, groupsOf: Int? = nil
  ) {
    self.settings = settings
    self.metric = metric
    self.level = level
    self.halfWidth = halfWidth
    self.againstFirst = againstFirst
    self.groupsOf = groupsOf
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case settings, metric, level
    case halfWidth = "half_width"
    case againstFirst = "against_first"
    case groupsOf = "groups_of"
  }

  package init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(besides: CodingKeys.allCases.map(\.rawValue))
    let container = try decoder.container(keyedBy: CodingKeys.self)
    settings = try container.decode([Setting].self, forKey: .settings)
    metric = try container.decodeIfPresent(String.self, forKey: .metric) ?? "test_accuracy"
    level = try container.decodeIfPresent(Double.self, forKey: .level) ?? 0.95
    halfWidth = try container.decodeIfPresent(Double.self, forKey: .halfWidth)
    againstFirst = try container.decodeIfPresent(Bool.self, forKey: .againstFirst) ?? false
    groupsOf = try container.decodeIfPresent(Int.self, forKey: .groupsOf)
    try check()
  }

  /// - Throws: `SpecError` naming what is out of range.
  package func check() throws(SpecError) {
    let most = groupsOf == nil ? Limits.comparedMax : Limits.comparedInGroupsMax
    guard (2...most).contains(settings.count) else {
      throw SpecError(
        key: "settings", value: String(settings.count), allowed: "compare 2 to \(most) settings",
        isUnfit: (2...Limits.comparedInGroupsMax).contains(settings.count))
    }
    if let groupsOf, !((2...Limits.comparedMax).contains(groupsOf) && settings.count % groupsOf == 0) {
      throw SpecError(
        key: "groups_of", value: String(groupsOf),
        allowed: "give 2 to \(Limits.comparedMax), of which the number of settings is a multiple",
        isUnfit: (2...Limits.comparedMax).contains(groupsOf))
    }
    guard AggregateQuery.metrics.contains(metric) else {
      throw SpecError(key: "metric", value: metric, oneOf: AggregateQuery.metrics)
    }
    // Closer to 1 no quantile can be told from infinity.
    guard level > 0.5, level <= 0.9999 else {
      throw SpecError(key: "level", value: String(level), allowed: "give a number in (0.5, 0.9999], as in 0.95")
    }
    if let halfWidth, !(halfWidth > 0 && halfWidth <= Self.halfWidthMax) {
      throw SpecError(
        key: "half_width", value: String(halfWidth),
        allowed: "give a number above 0 and at most \(Int(Self.halfWidthMax))")
    }
  }
}

/// The answer to a `CompareRequest`. Values are in the metric's own unit.
package struct CompareResponse: Codable, Sendable {
  package var metric: String
  package var level: Double
  package var settings: [Setting]
  package var comparisons: [Comparison]
  /// What else must be known to read the figures.
  package var remarks: [String]

  package struct Setting: Codable, Sendable {
    package var name: String
    package var n: Int
    package var mean: Double
    /// Sample standard deviation (n - 1); nil for n < 2, as the interval is.
    package var standardDeviation: Double?
    package var intervalLow: Double?
    package var intervalHigh: Double?
    /// Jobs of the setting that are not in the figures, as in `AggregateRow.others`.
    package var others: [String: Int]
    package var jobs: [Int64]

    package init(
      name: String, n: Int, mean: Double, standardDeviation: Double?, intervalLow: Double?, intervalHigh: Double?,
      others: [String: Int], jobs: [Int64]
    ) {
      self.name = name
      self.n = n
      self.mean = mean
      self.standardDeviation = standardDeviation
      self.intervalLow = intervalLow
      self.intervalHigh = intervalHigh
      self.others = others
      self.jobs = jobs
    }

    enum CodingKeys: String, CodingKey {
      case name, n, mean, others, jobs
      case standardDeviation = "standard_deviation"
      case intervalLow = "interval_low"
      case intervalHigh = "interval_high"
    }
  }

  package struct Comparison: Codable, Sendable {
    /// Indices into `settings`: the difference is first − second.
    package var first: Int
    package var second: Int
    /// Whether runs are paired by seed; then how many pairs, and how many runs have no partner and are left out.
    package var paired: Bool
    package var pairs: Int?
    package var leftOut: Int
    package var difference: Double
    package var intervalLow: Double?
    package var intervalHigh: Double?
    /// The t test first, whose p value decides, then the rank test and, of pairs, the permutation test.
    package var tests: [Test]
    /// The deciding p value corrected by Holm's procedure over all comparisons of this answer.
    package var holmP: Double?
    /// P(first is better than second), ties counting half, with its interval.
    package var improvement: Double
    package var improvementLow: Double
    package var improvementHigh: Double
    /// first_is_better, second_is_better, undecided, identical or too_few_runs.
    package var verdict: String
    /// One or two plain sentences.
    package var conclusion: String
    /// How many more seeds the wanted half-width takes, where it was asked for.
    package var moreSeeds: String?

    package init(
      first: Int, second: Int, paired: Bool, pairs: Int?, leftOut: Int, difference: Double, intervalLow: Double?,
      intervalHigh: Double?, tests: [Test], holmP: Double?, improvement: Double, improvementLow: Double,
      improvementHigh: Double, verdict: String, conclusion: String, moreSeeds: String?
    ) {
      self.first = first
      self.second = second
      self.paired = paired
      self.pairs = pairs
      self.leftOut = leftOut
      self.difference = difference
      self.intervalLow = intervalLow
      self.intervalHigh = intervalHigh
      self.tests = tests
      self.holmP = holmP
      self.improvement = improvement
      self.improvementLow = improvementLow
      self.improvementHigh = improvementHigh
      self.verdict = verdict
      self.conclusion = conclusion
      self.moreSeeds = moreSeeds
    }

    enum CodingKeys: String, CodingKey {
      case first, second, paired, pairs, difference, tests, improvement, verdict, conclusion
      case leftOut = "left_out"
      case intervalLow = "interval_low"
      case intervalHigh = "interval_high"
      case holmP = "holm_p"
      case improvementLow = "improvement_low"
      case improvementHigh = "improvement_high"
      case moreSeeds = "more_seeds"
    }
  }

  package struct Test: Codable, Sendable {
    package var name: String
    /// nil where the test has nothing to say of these values; `inapplicable` tells why.
    package var p: Double?
    package var statistic: Double?
    package var inapplicable: String?

    package init(name: String, p: Double? = nil, statistic: Double? = nil, inapplicable: String? = nil) {
      self.name = name
      self.p = p
      self.statistic = statistic
      self.inapplicable = inapplicable
    }
  }

  package init(
    metric: String, level: Double, settings: [Setting], comparisons: [Comparison], remarks: [String]
  ) {
    self.metric = metric
    self.level = level
    self.settings = settings
    self.comparisons = comparisons
    self.remarks = remarks
  }
}
