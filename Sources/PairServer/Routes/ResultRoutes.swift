import PairAPI
import PairCore
import PairStore

extension APIServer {
  func addResults(to table: inout RouteTable) {
    table.getList(.results, "jobs") { (query: JobsQuery) in try results(query) }
    table.get(.aggregate) { (query: AggregateQuery, _) in try await aggregate(query) }
    table.get(.curves) { (query: CurvesQuery, _) in try await curves(query) }
    table.post(.compare) { (body: CompareRequest, _) in try await compare(body) }
    table.post(.sql) { (body: SQLRequest, _) in try await query(body) }
  }

  private func results(_ query: JobsQuery) throws(SpecError) -> Portions<JobRecord> {
    var query = query
    guard query.filter.states ?? [.succeeded] == [.succeeded] else {
      throw SpecError(
        key: "state", value: query.filter.states?.map(\.rawValue).joined(separator: ",") ?? "",
        allowed: "only jobs that succeeded have results: leave it out")
    }
    query.filter.states = [.succeeded]
    return jobs(query)
  }

  private func aggregate(_ query: AggregateQuery) async throws -> AggregateResponse {
    let metric = try Metric(named: query.metric)
    let keys = query.by.map { $0.compactMap(Parameter.named) }
    let aggregate = try await store.perform { store throws(StoreError) in
      try store.aggregate(query.filter, by: keys, metric: metric, values: query.values)
    }
    return AggregateResponse(metric: aggregate.metric.rawValue, by: aggregate.by, rows: aggregate.rows)
  }

  private func curves(_ query: CurvesQuery) async throws -> CurvesResponse {
    guard let metric = EpochMetric(rawValue: query.metric) else {
      throw SpecError(key: "metric", value: query.metric, oneOf: EpochMetric.allCases.map(\.rawValue))
    }
    let keys = query.by.map { $0.compactMap(Parameter.named) }
    let table = try await store.perform { store throws(StoreError) in
      try store.curves(query.filter, by: keys, metric: metric, curvesMax: Limits.curvesMax)
    }
    return CurvesResponse(metric: metric.rawValue, by: table.by, curves: table.curves)
  }

  private func compare(_ request: CompareRequest) async throws -> CompareResponse {
    let metric = try Metric(named: request.metric)
    let settings = try await store.perform { store throws(StoreError) in
      var settings: [SettingRuns] = []
      for setting in request.settings {
        settings.append(try store.runs(ofSetting: setting.filter, named: setting.name, metric: metric))
      }
      return settings
    }
    // Exact tests of many runs take a while.
    return try await Blocking.run { try CompareResponse(to: request, of: settings) }
  }

  private func query(_ request: SQLRequest) async throws -> SQLResponse {
    let answer = try await store.perform { store throws(StoreError) in
      try store.query(
        request.sql, rowsMax: request.rowsMax ?? Limits.sqlRowsDefault,
        secondsMax: request.secondsMax ?? Limits.sqlSecondsDefault)
    }
    return SQLResponse(columns: answer.columns, rows: answer.rows, cut: answer.cut)
  }
}

extension Metric {
  fileprivate init(named name: String) throws(SpecError) {
    guard let metric = Metric(rawValue: name) else {
      throw SpecError(key: "metric", value: name, oneOf: Metric.allCases.map(\.rawValue))
    }
    self = metric
  }
}
