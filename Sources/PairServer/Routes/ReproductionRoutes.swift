import Logging
import PairAPI
import PairCore
import PairStore

extension APIServer {
  func addReproductions(to table: inout RouteTable) {
    table.post(.reproductions) { (body: ReproduceRequest, context) in try await reproduce(body, context) }
    table.get(.reproductions) { (_: NoQuery, _) in
      let records = try await store.perform { store throws(StoreError) in try store.reproductions() }
      return ReproductionsResponse(reproductions: records.map(ReproductionResponse.Summary.init))
    }
    table.get(.reproduction) { (_: NoQuery, context) in try await reproduction(try context.id("reproduction")) }
  }

  private func reproduce(_ body: ReproduceRequest, _ context: APIContext) async throws -> ReproductionResponse {
    let sender = await context.sender()
    let record = try await Blocking.run {
      let plan = try body.plan()
      // The runs are checked too: what cannot be done later must be refused now.
      let digests = try datasetDigests(for: plan.grid + plan.freshRuns(of: [Setting(of: plan.grid[0])]))
      return try scheduler.startReproduction(
        plan, datasetDigest: digests[plan.dataset]!, again: body.again ?? false)
    }
    context.logger.info("reproduction \(record.id) asked for by \(sender)", metadata: ["grid": "\(record.gridStudy)"])
    return try await reproduction(record.id)
  }

  private func reproduction(_ id: Int64) async throws -> ReproductionResponse {
    let found = try await store.perform { store throws(StoreError) -> ReproductionReport? in
      guard let progress = try store.reproduction(id) else { return nil }
      guard progress.step == .done else { return ReproductionReport(progress: progress, counterpart: nil) }
      for record in try store.reproductions() where record.plan.isCounterpart(of: progress.record.plan) {
        if let other = try store.reproduction(record.id), other.step == .done {
          return ReproductionReport(progress: progress, counterpart: other)
        }
      }
      return ReproductionReport(progress: progress, counterpart: nil)
    }
    guard let found else { throw APIError.notFound("there is no reproduction \(id)") }
    return found.response
  }
}

extension ReproductionPlan {
  /// Whether the plans differ in nothing but the protocol.
  fileprivate func isCounterpart(of other: ReproductionPlan) -> Bool {
    `protocol` != other.protocol && dataset == other.dataset && runs == other.runs && seed == other.seed
      && epochs == other.epochs && trainPairs == other.trainPairs && testPairs == other.testPairs
  }
}
