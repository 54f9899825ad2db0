import PairCore

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
  package func aggregate(
    _ filter: JobFilter = JobFilter(), by keys: [Parameter]? = nil, metric: Metric = .testAccuracy
  ) throws(StoreError) -> AggregateTable { fatalError("to be written") }
}
