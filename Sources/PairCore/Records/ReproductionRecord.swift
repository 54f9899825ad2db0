/// A reproduction as the store keeps it.
package struct ReproductionRecord: Hashable, Sendable {
  package var id: Int64
  package var plan: ReproductionPlan
  /// The study of the grid.
  package var gridStudy: Int64
  /// The study of the fresh runs; nil until the grid has ended.
  package var runsStudy: Int64?
  package var submittedAt: String

  package init(id: Int64, plan: ReproductionPlan, gridStudy: Int64, runsStudy: Int64?, submittedAt: String) {
    self.id = id
    self.plan = plan
    self.gridStudy = gridStudy
    self.runsStudy = runsStudy
    self.submittedAt = submittedAt
  }
}
