import GRDB
import PairCore
import PairStatistics

/// A table of means over seeds.
package struct AggregateTable: Hashable, Sendable {
  package var metric: Metric
  /// The keys grouped by, in the order of columns.
  package var by: [String]
  /// One row for each combination that occurs, in the order of the keys' values.
  package var rows: [AggregateRow]
}

extension Store {
  /// Summarises a metric over the jobs that the filter matches, whatever their state.
  ///
  /// A spec that succeeded more than once counts once, because it always gives the same bits. Jobs that are not in a
  /// row's figures are counted in its `others`: by state, as `repeated` if another job of the same digest is in the
  /// figures, and as `succeeded` if the result lacks the metric.
  ///
  /// - Parameter keys: the parameters to group by; nil for the model and every other parameter but the seed that
  ///   varies among the jobs or is in the filter. `dataset_digest` or `numerics_version` joins the keys if results
  ///   of one dataset differ in it, because such results must not be averaged.
  /// - Parameter values: whether rows are to carry the single values, which make the table as long as the list of jobs.
  /// - Throws: `StoreError.refused` for a filter with an unknown parameter or value.
  package func aggregate(
    _ filter: JobFilter = JobFilter(), by keys: [Parameter]? = nil, metric: Metric = .testAccuracy,
    values: Bool = false
  ) throws(StoreError) -> AggregateTable {
    var condition = try Condition(filter)
    if let states = filter.states { condition.add(states) }
    return try read { database in
      let parameters = try keys ?? Self.keys(database, filter: filter, condition: condition)
      let provenance = try Self.provenanceKeys(database, condition: condition)
      var grouping = Grouping()
      let by = parameters.map(\.key) + provenance
      let columns = by.map { ", jobs.\($0)" }.joined()
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT jobs.id, jobs.state, jobs.spec_digest, \(metric.column)\(columns)
          FROM jobs LEFT JOIN outcomes ON outcomes.job = \(JobColumns.trained)
          WHERE \(condition.sql) ORDER BY jobs.id
          """,
        arguments: StatementArguments(condition.arguments))
      while let row = try rows.next() {
        // Jobs of a setting come after one another, so that the group is mostly that of the row before.
        func value(_ index: Int) -> ParameterValue {
          if index < parameters.count { return SpecColumns.value(of: parameters[index], in: row, at: 4 + index) }
          return by[index] == "numerics_version" ? .integer(row[4 + index]) : .text(row[4 + index])
        }
        let isSame = grouping.latest.map { latest in by.indices.allSatisfy { latest[$0] == value($0) } } ?? false
        if !isSame { grouping.begin(by.indices.map(value)) }
        grouping.add(job: row[0], state: row[1], digest: row[2], value: row[3])
      }
      return AggregateTable(metric: metric, by: by, rows: grouping.rows(by: by, values: values))
    }
  }

  /// The model, what the filter names and what varies, without the seed.
  static func keys(_ database: Database, filter: JobFilter, condition: Condition) throws -> [Parameter] {
    let candidates = Parameter.all.filter { $0 != .seed }
    let varies = candidates.map { "min(jobs.\($0.key)) IS NOT max(jobs.\($0.key))" }.joined(separator: ", ")
    let row = try Row.fetchOne(
      database, sql: "SELECT \(varies) FROM jobs WHERE \(condition.sql)",
      arguments: StatementArguments(condition.arguments))!
    return candidates.enumerated().filter { index, parameter in
      parameter == .model || filter.parameters[parameter.key] != nil || row[index]
    }.map(\.element)
  }

  static func provenanceKeys(_ database: Database, condition: Condition) throws -> [String] {
    let row = try Row.fetchOne(
      database,
      sql: """
        SELECT coalesce(max(digests), 0), coalesce(max(versions), 0) FROM (
          SELECT count(DISTINCT dataset_digest) AS digests, count(DISTINCT numerics_version) AS versions
          FROM jobs WHERE state = 'succeeded' AND \(condition.sql) GROUP BY dataset)
        """,
      arguments: StatementArguments(condition.arguments))!
    return (row[0] > 1 ? ["dataset_digest"] : []) + (row[1] > 1 ? ["numerics_version"] : [])
  }
}

extension Metric {
  var column: String { self == .durationSeconds ? JobColumns.duration : "outcomes.\(rawValue)" }
}

/// Jobs sorted into groups, and what a table says of each group. Pure: it knows no database.
struct Grouping {
  private struct Group {
    var values: [Double] = []
    var jobs: [Int64] = []
    var others: [String: Int] = [:]
  }
  /// A digest's first 128 bits, which tell as many as there can be apart.
  private struct DigestKey: Hashable {
    let high: UInt64
    let low: UInt64

    init(_ digest: String) {
      var digest = digest
      (high, low) = digest.withUTF8 { bytes in
        func number(_ range: Range<Int>) -> UInt64 {
          range.reduce(0) { sum, index in
            let byte = index < bytes.count ? bytes[index] : 0
            return sum << 4 | UInt64(byte <= UInt8(ascii: "9") ? byte & 15 : byte &- UInt8(ascii: "a") &+ 10) & 15
          }
        }
        return (number(0..<16), number(16..<32))
      }
    }
  }

  private var indices: [[ParameterValue]: Int] = [:]
  private var groups: [Group] = []
  private var digests: Set<DigestKey> = []
  private var current = 0
  /// The group that jobs are added to.
  private(set) var latest: [ParameterValue]?

  /// Jobs that are added from now on are of this group.
  mutating func begin(_ group: [ParameterValue]) {
    latest = group
    current = indices[group] ?? groups.count
    if current == groups.count {
      indices[group] = current
      groups.append(Group())
    }
  }

  mutating func add(job: Int64, state: String, digest: String, value: Double?) {
    var other: String?
    if state != JobState.succeeded.rawValue || value == nil {
      other = state
    } else if !digests.insert(DigestKey(digest)).inserted {
      other = "repeated"
    }
    if let other {
      groups[current].others[other, default: 0] += 1
    } else if let value {
      groups[current].values.append(value)
      groups[current].jobs.append(job)
    }
  }

  func rows(by keys: [String], values: Bool) -> [AggregateRow] {
    indices.sorted { Self.precedes($0.key, $1.key) }.map { key, index in
      let group = groups[index]
      let summary = Summary(of: group.values)
      return AggregateRow(
        group: Dictionary(uniqueKeysWithValues: zip(keys, key)), n: group.values.count, mean: summary?.mean,
        standardDeviation: summary?.standardDeviation, intervalLow: summary?.interval?.low,
        intervalHigh: summary?.interval?.high, min: summary?.min, max: summary?.max, others: group.others,
        jobs: group.jobs, values: values ? group.values : nil)
    }
  }

  static func precedes(_ a: [ParameterValue], _ b: [ParameterValue]) -> Bool {
    for (a, b) in zip(a, b) where a != b {
      switch (a, b) {
      case (.flag(let a), .flag(let b)): return !a && b
      case (.integer(let a), .integer(let b)): return a < b
      case (.number(let a), .number(let b)): return a < b
      default: return a.description < b.description
      }
    }
    return false
  }
}
