import PairAPI
import PairCore
import PairStore

extension APIServer {
  func addResults(to table: inout RouteTable) {
    table.get(.results) { (query: JobsQuery, _) in try await results(query) }
    table.get(.aggregate) { (query: AggregateQuery, _) in try await aggregate(query) }
  }

  private func results(_ query: JobsQuery) async throws -> JobsResponse {
    var query = query
    guard query.filter.states ?? [.succeeded] == [.succeeded] else {
      throw SpecError(
        key: "state", value: query.filter.states?.map(\.rawValue).joined(separator: ",") ?? "",
        allowed: "only jobs that succeeded have results: leave it out")
    }
    query.filter.states = [.succeeded]
    return JobsResponse(jobs: try await jobs(query))
  }

  private func aggregate(_ query: AggregateQuery) async throws -> AggregateResponse {
    guard let metric = Metric(rawValue: query.metric) else {
      throw SpecError(
        key: "metric", value: query.metric,
        allowed: "give one of \(Metric.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let keys = query.by.map { $0.compactMap(Parameter.named) }
    let aggregate = try await store.perform { store throws(StoreError) in
      try store.aggregate(query.filter, by: keys, metric: metric)
    }
    return AggregateResponse(metric: aggregate.metric.rawValue, by: aggregate.by, rows: aggregate.rows)
  }
}
