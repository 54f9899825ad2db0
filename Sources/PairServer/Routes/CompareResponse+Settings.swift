import PairAPI
import PairCore
import PairStatistics
import PairStore

extension CompareResponse {
  /// Holds the settings against each other: all pairs of a group, or each with the group's first.
  ///
  /// - Throws: `SpecError` if two of them are the same setting.
  init(to request: CompareRequest, of settings: [SettingRuns]) throws(SpecError) {
    try Self.refuseSame(settings)
    let measure = Measure(ofMetric: request.metric)
    let size = request.groupsOf ?? settings.count
    let groups = stride(from: 0, to: settings.count, by: size).map { $0..<$0 + size }
    let pairs = groups.flatMap { group in
      group.flatMap { first in
        group.filter { $0 > first && (first == group.lowerBound || !request.againstFirst) }.map { (first, $0) }
      }
    }
    let comparisons = pairs.map { first, second in
      PairStatistics.Comparison(bySeed: settings[first].values, settings[second].values, level: request.level)
    }
    let families = Family.adjusting(comparisons)
    self.init(
      metric: request.metric, level: request.level,
      settings: settings.map { Setting($0, level: request.level) },
      comparisons: pairs.indices.map { index in
        let (first, second) = pairs[index]
        let conclusion = Conclusion(
          comparisons[index], first: settings[first].name, second: settings[second].name, measure: measure,
          family: families[index], alpha: 1 - request.level)
        return Comparison(
          first: first, second: second, comparisons[index], conclusion, holmP: families[index]?.adjustedP,
          higherIsBetter: measure.higherIsBetter,
          moreSeeds: request.halfWidth.map {
            comparisons[index].moreSeeds(halfWidth: $0, level: request.level, measure: measure)
          })
      },
      remarks: Self.remarks(on: settings, groups))
  }

  private static func refuseSame(_ settings: [SettingRuns]) throws(SpecError) {
    for (index, setting) in settings.enumerated() {
      if let earlier = settings[..<index].first(where: { !Set($0.jobs).isDisjoint(with: setting.jobs) }) {
        throw SpecError(
          key: "setting", value: setting.name,
          allowed: "it has jobs in common with '\(earlier.name)': compare settings that differ", isUnfit: true)
      }
    }
  }

  /// What differs besides what is compared.
  private static func remarks(on settings: [SettingRuns], _ groups: [Range<Int>]) -> [String] {
    var remarks: [String] = []
    if Set(settings.map(\.numericsVersion)).count > 1 {
      remarks.append("the settings were trained by engines of different numerics, which may account for a difference")
    }
    if Set(settings.map(\.datasetDigest)).count > 1 {
      remarks.append("the settings were trained on different data, so that equal seeds do not mean equal pairs")
    }
    let keys = Parameter.all.map(\.key).filter { key in
      groups.contains { Set(settings[$0].map { $0.parameters[key] }).count > 1 }
    }
    if keys.count > 1 { remarks.append("the settings differ in \(keys.joined(separator: ", "))") }
    if keys.isEmpty { remarks.append("the settings differ in nothing but their seeds") }
    return remarks
  }
}

extension CompareResponse.Setting {
  fileprivate init(_ runs: SettingRuns, level: Double) {
    guard let summary = Summary(of: runs.values.sorted { $0.key < $1.key }.map(\.value)) else {
      preconditionFailure("a setting that is compared has runs")
    }
    let interval = summary.interval(level: level)
    self.init(
      name: runs.name, n: summary.n, mean: summary.mean, standardDeviation: summary.standardDeviation,
      intervalLow: interval?.low, intervalHigh: interval?.high, others: runs.others, jobs: runs.jobs)
  }
}

extension CompareResponse.Comparison {
  fileprivate init(
    first: Int, second: Int, _ comparison: PairStatistics.Comparison, _ conclusion: Conclusion, holmP: Double?,
    higherIsBetter: Bool, moreSeeds: String?
  ) {
    var leftOut = 0
    if case .paired(let count) = comparison.design { leftOut = count }
    let isPaired = comparison.pairs != nil
    var tests = [
      CompareResponse.Test(isPaired ? "paired t test" : "Welch's t test", comparison.tTest),
      CompareResponse.Test(isPaired ? "Wilcoxon's signed-rank test" : "Mann-Whitney U test", comparison.rankTest),
    ]
    if let permutation = comparison.permutationTest {
      tests.append(CompareResponse.Test("sign-flip permutation test", permutation))
    }
    // P(A > B) is about values; of losses the smaller is the better one.
    let improvement = comparison.improvement
    let (low, high) = (improvement.interval.low, improvement.interval.high)
    self.init(
      first: first, second: second, paired: isPaired, pairs: comparison.pairs?.n, leftOut: leftOut,
      difference: comparison.difference, intervalLow: comparison.interval?.low,
      intervalHigh: comparison.interval?.high, tests: tests, holmP: holmP,
      improvement: higherIsBetter ? improvement.estimate : 1 - improvement.estimate,
      improvementLow: higherIsBetter ? low : 1 - high, improvementHigh: higherIsBetter ? high : 1 - low,
      verdict: conclusion.verdict.name, conclusion: conclusion.description, moreSeeds: moreSeeds)
  }
}

extension CompareResponse.Test {
  fileprivate init(_ name: String, _ result: Result<TestOutcome, Inapplicable>) {
    switch result {
    case .success(let outcome): self.init(name: outcome.method.name, p: outcome.p, statistic: outcome.statistic)
    case .failure(let reason): self.init(name: name, inapplicable: reason.description)
    }
  }
}

extension Conclusion.Verdict {
  fileprivate var name: String {
    switch self {
    case .firstIsBetter: "first_is_better"
    case .secondIsBetter: "second_is_better"
    case .undecided: "undecided"
    case .identical: "identical"
    case .tooFewRuns: "too_few_runs"
    }
  }
}

extension PairStatistics.Comparison {
  /// How many more seeds make the interval of the difference as narrow as wanted, as a sentence.
  fileprivate func moreSeeds(halfWidth: Double, level: Double, measure: Measure) -> String {
    if let pairs {
      guard let size = SampleSize(halfWidth: halfWidth, pilot: pairs, level: level) else {
        return "How many seeds this takes cannot be told from \(pairs.n == 1 ? "one pair" : "these pairs")."
      }
      return size.sentence(measure: measure, noun: "shared seeds")
    }
    guard let runs = runsNeeded(halfWidth: halfWidth, level: level) else {
      return "How many seeds this takes cannot be told from these runs."
    }
    let more = [max(0, runs - first.n), max(0, runs - second.n)]
    return "For \(measure.aim(halfWidth)): \(runs) runs of each setting, "
      + "\(more[0]) and \(more[1]) more; with shared seeds usually fewer."
  }
}

extension Measure {
  /// How a metric of results is spoken of.
  init(ofMetric metric: String) {
    if metric.hasSuffix("_accuracy") {
      self = .accuracy
    } else if metric.hasSuffix("_loss") {
      self = Measure(unit: "", places: 4, higherIsBetter: false)
    } else if metric.hasSuffix("_errors") {
      self = Measure(unit: "errors", places: 1, higherIsBetter: false)
    } else {
      self = .seconds
    }
  }
}
