import GRDB
import PairCore

/// The runs of one setting: jobs that differ in nothing but the seed.
package struct SettingRuns: Hashable, Sendable {
  package var name: String
  /// The setting's parameters, without the seed.
  package var parameters: [String: ParameterValue]
  package var datasetDigest: String
  package var numericsVersion: Int64
  /// The metric by seed, of jobs that succeeded.
  package var values: [Int64: Double]
  /// The jobs behind the values.
  package var jobs: [Int64]
  /// Jobs that are not among them, as in `Store.aggregate`.
  package var others: [String: Int]
}

extension Store {
  /// The runs that a filter matches, which must be of one setting.
  ///
  /// - Parameter name: how a refusal calls the filter.
  /// - Throws: `StoreError.refused` where none succeeded, or where they are of several settings: then it names what
  ///   differs between them.
  package func runs(
    ofSetting filter: JobFilter, named name: String, metric: Metric
  ) throws(StoreError) -> SettingRuns {
    var condition = try Condition(filter)
    if let states = filter.states { condition.add(states) }
    let parameters = Parameter.all.filter { $0 != .seed }
    return try read { database in
      try Self.refuseSeveralSettings(database, parameters, condition, name: name)
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT jobs.id, jobs.state, jobs.seed, \(metric.column), jobs.dataset_digest, jobs.numerics_version,
            \(parameters.map { "jobs.\($0.key)" }.joined(separator: ", "))
          FROM jobs LEFT JOIN outcomes ON outcomes.job = \(JobColumns.trained)
          WHERE \(condition.sql) ORDER BY jobs.id
          """,
        arguments: StatementArguments(condition.arguments))
      var runs = SettingRuns(
        name: name, parameters: [:], datasetDigest: "", numericsVersion: 0, values: [:], jobs: [], others: [:])
      while let row = try rows.next() {
        let state: String = row[1]
        let seed: Int64 = row[2]
        guard state == JobState.succeeded.rawValue, let value = row[3] as Double? else {
          runs.others[state, default: 0] += 1
          continue
        }
        guard runs.values[seed] == nil else {
          runs.others["repeated", default: 0] += 1
          continue
        }
        runs.values[seed] = value
        runs.jobs.append(row[0])
        runs.datasetDigest = row[4]
        runs.numericsVersion = row[5]
        for (index, parameter) in parameters.enumerated() {
          runs.parameters[parameter.key] = SpecColumns.value(of: parameter, in: row, at: 6 + index)
        }
      }
      guard !runs.values.isEmpty else {
        let others = runs.others.sorted { $0.key < $1.key }.map {
          $0.key == JobState.succeeded.rawValue ? "\($0.value) without \(metric.rawValue)" : "\($0.value) \($0.key)"
        }
        throw StoreError.refused(
          SpecError(
            key: "setting", value: name,
            allowed: others.isEmpty
              ? "it matches no job" : "it matches no value of \(metric.rawValue): \(others.joined(separator: ", "))",
            isUnfit: true))
      }
      return runs
    }
  }

  private static func refuseSeveralSettings(
    _ database: Database, _ parameters: [Parameter], _ condition: Condition, name: String
  ) throws {
    // Jobs that have not succeeded may stem from older bytes of a dataset or older numerics without being in the way.
    let columns = parameters.map { "jobs.\($0.key)" }
    let provenance = ["dataset_digest", "numerics_version"]
    let succeeded = provenance.map { "CASE WHEN jobs.state = 'succeeded' THEN jobs.\($0) END" }
    let counts = (columns + succeeded).map { "count(DISTINCT \($0)), group_concat(DISTINCT \($0))" }
    guard
      let row = try Row.fetchOne(
        database, sql: "SELECT \(counts.joined(separator: ", ")) FROM jobs WHERE \(condition.sql)",
        arguments: StatementArguments(condition.arguments))
    else { return }
    var differing: [String] = []
    for (index, key) in (parameters.map(\.key) + provenance).enumerated() where row[2 * index] as Int > 1 {
      let listed: String = row[2 * index + 1]
      let values = listed.split(separator: ",").sorted().map { value in
        switch Parameter.named(key)?.kind {
        case .flag: value == "1" ? "yes" : "no"
        case .number: value.hasSuffix(".0") ? String(value.dropLast(2)) : String(value)
        default: String(value)
        }
      }
      differing.append("\(key) (\(values.prefix(6).joined(separator: ", "))\(values.count > 6 ? ", …" : ""))")
    }
    guard differing.isEmpty else {
      throw StoreError.refused(
        SpecError(
          key: "setting", value: name,
          allowed:
            "it matches several settings, which differ in \(differing.joined(separator: ", ")); name one of each",
          isUnfit: true))
    }
  }
}
