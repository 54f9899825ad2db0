import PairCore

/// The query of GET /v1/results/curves.
package struct CurvesQuery: RequestQuery, Hashable {
  package static let names = JobFilter.queryNames + ["by", "metric"]
  /// The columns of an epoch.
  package static let metrics = ["test_accuracy", "train_loss", "digit1_accuracy", "digit2_accuracy"]

  package var filter: JobFilter
  /// As in `AggregateQuery`.
  package var by: [String]?
  package var metric: String

  package init(filter: JobFilter = JobFilter(), by: [String]? = nil, metric: String = "test_accuracy") {
    self.filter = filter
    self.by = by
    self.metric = metric
  }

  package var queryItems: [QueryItem] {
    filter.queryItems + (by.map { [QueryItem("by", $0.joined(separator: ","))] } ?? [])
      + [QueryItem("metric", metric)]
  }

  package init(taking query: inout [QueryItem]) throws(SpecError) {
    filter = try JobFilter(taking: &query)
    by = try query.takeKeys("by")
    metric = try query.takeMetric(of: Self.metrics)
  }
}

/// GET /v1/results/curves: how each setting learns, epoch by epoch, over its seeds. At most `Limits.curvesMax` settings.
package struct CurvesResponse: Codable, Sendable {
  package var metric: String
  /// The keys grouped by, in the order of columns.
  package var by: [String]
  package var curves: [CurveRecord]

  package init(metric: String, by: [String], curves: [CurveRecord]) {
    self.metric = metric
    self.by = by
    self.curves = curves
  }
}
