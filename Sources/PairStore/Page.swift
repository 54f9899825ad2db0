/// A stretch of a list of jobs.
package struct Page: Hashable, Sendable {
  package enum Order: Sendable { case newestFirst, oldestFirst }
  package var order: Order
  /// The most rows to return; nil for all.
  package var limit: Int?
  /// The last id of the stretch before this one in the same order.
  package var after: Int64?

  package init(_ order: Order, limit: Int? = nil, after: Int64? = nil) {
    precondition(limit.map { $0 >= 0 } ?? true, "a page's limit is not negative")
    self.order = order
    self.limit = limit
    self.after = after
  }

  /// A condition on `column`, whose question mark is for `after`; nil at the beginning.
  func start(_ column: String) -> String? { after.map { _ in "\(column) \(order == .newestFirst ? "<" : ">") ?" } }
  var direction: String { order == .newestFirst ? "DESC" : "ASC" }
}
