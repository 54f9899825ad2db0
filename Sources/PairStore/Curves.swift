import GRDB
import PairCore

/// A figure of an epoch; its name is the column's in `epochs`.
package enum EpochMetric: String, CaseIterable, Sendable {
  case testAccuracy = "test_accuracy"
  case trainLoss = "train_loss"
  case digit1Accuracy = "digit1_accuracy"
  case digit2Accuracy = "digit2_accuracy"
}

/// Curves over epochs, one a setting.
package struct CurveTable: Hashable, Sendable {
  /// The keys grouped by, in the order of columns.
  package var by: [String]
  package var curves: [CurveRecord]
}

extension Store {
  /// How the jobs that the filter matches went, epoch by epoch, over the seeds of each setting.
  ///
  /// Only jobs that succeeded are in the curves, a spec that succeeded more than once counts once, and the rest are
  /// counted beside them; all as in `aggregate`.
  ///
  /// - Parameter keys: the parameters to group by; nil as in `aggregate`.
  /// - Throws: `StoreError.refused` for a filter with an unknown parameter or value, or for more than `curvesMax`
  ///   settings.
  package func curves(
    _ filter: JobFilter = JobFilter(), by keys: [Parameter]? = nil, metric: EpochMetric = .testAccuracy,
    curvesMax: Int = 200
  ) throws(StoreError) -> CurveTable {
    var condition = try Condition(filter)
    if let states = filter.states { condition.add(states) }
    return try read { database in
      let parameters = try keys ?? Self.keys(database, filter: filter, condition: condition)
      let provenance = try Self.provenanceKeys(database, condition: condition)
      let by = parameters.map(\.key) + provenance
      var curves: [[ParameterValue]: Curve] = [:]
      // Jobs in order, so that of a repeated spec the first counts, and epochs within them.
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT jobs.id, jobs.state, jobs.spec_digest, epochs.epoch, epochs.\(metric.rawValue)\
          \(by.map { ", jobs.\($0)" }.joined())
          FROM jobs LEFT JOIN epochs ON epochs.job = \(JobColumns.trained) AND jobs.state = 'succeeded'
          WHERE \(condition.sql) ORDER BY jobs.id, epochs.epoch
          """,
        arguments: StatementArguments(condition.arguments))
      var digests: Set<String> = []
      var latest: (job: Int64, group: [ParameterValue], counts: Bool)?
      while let row = try rows.next() {
        let job: Int64 = row[0]
        if latest?.job != job {
          let group = Self.group(row, parameters, by)
          guard curves[group] != nil || curves.count < curvesMax else {
            throw StoreError.refused(
              SpecError(
                key: "by", value: by.joined(separator: ","),
                allowed: "this makes more than \(curvesMax) curves; choose fewer settings or fewer keys",
                isUnfit: true))
          }
          let state: String = row[1]
          var other: String?
          if state != JobState.succeeded.rawValue || row[4] as Double? == nil {
            other = state
          } else if !digests.insert(row[2]).inserted {
            other = "repeated"
          }
          latest = (job, group, other == nil)
          if let other {
            curves[group, default: Curve()].others[other, default: 0] += 1
          } else {
            curves[group, default: Curve()].runs += 1
          }
        }
        if let latest, latest.counts, let epoch = row[3] as Int?, let value = row[4] as Double? {
          curves[latest.group]?.add(value, at: epoch)
        }
      }
      let sorted = curves.sorted { Grouping.precedes($0.key, $1.key) }
      return CurveTable(
        by: by,
        curves: sorted.map { group, curve in
          CurveRecord(
            group: Dictionary(uniqueKeysWithValues: zip(by, group)), runs: curve.runs, others: curve.others,
            epochs: curve.epochs.enumerated().map { index, moments in
              CurveRecord.Epoch(
                epoch: index + 1, n: moments.n, mean: moments.mean, standardDeviation: moments.standardDeviation)
            })
        })
    }
  }

  private static func group(_ row: Row, _ parameters: [Parameter], _ by: [String]) -> [ParameterValue] {
    var group = parameters.enumerated().map { SpecColumns.value(of: $1, in: row, at: 5 + $0) }
    for index in by.indices.dropFirst(parameters.count) {
      group.append(by[index] == "numerics_version" ? .integer(row[5 + index]) : .text(row[5 + index]))
    }
    return group
  }
}

private struct Curve {
  var runs = 0
  var others: [String: Int] = [:]
  /// From epoch 1.
  var epochs: [RunningMoments] = []

  /// Epochs of a job come in order from 1, as the schema has them.
  mutating func add(_ value: Double, at epoch: Int) {
    if epoch > epochs.count { epochs.append(RunningMoments()) }
    epochs[epoch - 1].add(value)
  }
}

/// Mean and spread of values that come one by one, of which there may be too many to keep.
///
/// - Source: Welford 1962, "Note on a Method for Calculating Corrected Sums of Squares and Products", Technometrics 4(3)
struct RunningMoments {
  private(set) var n = 0
  private(set) var mean = 0.0
  private var squares = 0.0

  mutating func add(_ value: Double) {
    n += 1
    let deviation = value - mean
    mean += deviation / Double(n)
    squares += deviation * (value - mean)
  }

  /// Of a sample (n - 1); nil for fewer than two values.
  var standardDeviation: Double? { n < 2 ? nil : (squares / Double(n - 1)).squareRoot() }
}
