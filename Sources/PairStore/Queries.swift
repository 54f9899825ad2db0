import PairCore

/// A stretch of a list of jobs.
package struct Page: Hashable, Sendable {
  package enum Order: Sendable { case newestFirst, oldestFirst }
  package var order: Order
  /// The most rows to return; nil for all.
  package var limit: Int?
  /// The last id of the stretch before this one in the same order.
  package var after: Int64?

  package init(_ order: Order, limit: Int? = nil, after: Int64? = nil) {
    precondition(limit.map { $0 >= 0 } ?? true)
    self.order = order
    self.limit = limit
    self.after = after
  }
}

extension Store {
  /// The job of that id, or nil.
  package func job(_ id: Int64) throws(StoreError) -> JobRecord? { fatalError("to be written") }

  /// The jobs that meet the filter. To list results, ask for the state `.succeeded`.
  package func jobs(
    matching filter: JobFilter = JobFilter(), page: Page = Page(.newestFirst, limit: 50)
  ) throws(StoreError) -> [JobRecord] { fatalError("to be written") }

  /// The recorded epochs of a job's latest attempt, from 1.
  package func epochs(of job: Int64) throws(StoreError) -> [EpochMetrics] { fatalError("to be written") }

  /// The latest studies, newest first.
  package func studies(limit: Int = 50, before id: Int64? = nil) throws(StoreError) -> [StudyRecord] {
    fatalError("to be written")
  }

  /// The study of that id, or nil.
  package func study(_ id: Int64) throws(StoreError) -> StudyRecord? { fatalError("to be written") }

  /// The study of that name, or nil.
  package func study(named name: String) throws(StoreError) -> StudyRecord? { fatalError("to be written") }

  /// How many jobs are in each state; every state is there.
  package func counts() throws(StoreError) -> [JobState: Int] { fatalError("to be written") }
}
