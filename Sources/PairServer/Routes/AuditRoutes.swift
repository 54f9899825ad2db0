import Logging
import PairAPI
import PairCore
import PairStore
import PairTraining

extension APIServer {
  func addAudits(to table: inout RouteTable) {
    table.post(.audits) { (body: AuditRequest, context) in try await audit(body, context) }
    table.get(.audit) { (_: NoQuery, context) in try await report(ofAudit: try context.id("study")) }
  }

  private func audit(_ body: AuditRequest, _ context: APIContext) async throws -> AuditResponse {
    let sender = await context.sender()
    let origins = try await store.perform { store throws(StoreError) in try store.origins(ofResults: body.filter) }
    guard !origins.isEmpty else { throw APIError.notFound("no job that succeeded meets the conditions") }
    let (submission, choice) = try await Blocking.run {
      let choice = AuditChoice(of: origins, numericsVersion: facts.provenance.numericsVersion) { name in
        try? catalog.load(name).digest
      }
      let submission = try scheduler.submitAudit(
        of: body.filter, sample: body.sample, seed: UInt64(body.seed), named: body.name,
        datasetDigests: choice.datasetDigests)
      return (submission, choice)
    }
    guard let submission else {
      let reasons = choice.skipped.map { "\($0.jobs) \($0.reason)" }.joined(separator: "; ")
      throw SpecError(
        key: "filter", value: "", allowed: "none of these results can be repeated here: \(reasons)", isUnfit: true)
    }
    context.logger.info("audit \(submission.study.id) of \(submission.jobs.count) jobs asked for by \(sender)")
    return AuditResponse(
      candidates: choice.candidates, skipped: choice.skipped, report: try await report(ofAudit: submission.study.id))
  }

  private func report(ofAudit study: Int64) async throws -> AuditReport {
    guard let report = try await store.perform({ store throws(StoreError) in try store.audit(study) }) else {
      throw APIError.notFound("there is no audit that is study \(study)")
    }
    return report
  }
}

/// Which results can be repeated by this daemon, from what they come from.
struct AuditChoice {
  private(set) var candidates = 0
  private(set) var skipped: [AuditSkip] = []
  /// Of the datasets whose files are those that results were made from.
  private(set) var datasetDigests: [String: String] = [:]

  /// - Parameter digest: of a dataset as it is now; nil if it is not there.
  init(of origins: [ResultOrigin], numericsVersion: Int, digest: (String) -> String?) {
    var digests: [String: String?] = [:]
    for origin in origins {
      if digests[origin.dataset] == nil { digests[origin.dataset] = .some(digest(origin.dataset)) }
      let present = digests[origin.dataset]!
      if origin.numericsVersion != numericsVersion {
        skip(origin, "of numerics version \(origin.numericsVersion), where this engine has \(numericsVersion)")
      } else if present == nil {
        skip(origin, "on dataset '\(origin.dataset)', which is not here")
      } else if present != origin.datasetDigest {
        skip(origin, "on other files of dataset '\(origin.dataset)' than are here")
      } else {
        candidates += origin.jobs
        datasetDigests[origin.dataset] = origin.datasetDigest
      }
    }
  }

  private mutating func skip(_ origin: ResultOrigin, _ reason: String) {
    if let index = skipped.firstIndex(where: { $0.reason == reason }) {
      skipped[index].jobs += origin.jobs
    } else {
      skipped.append(AuditSkip(jobs: origin.jobs, reason: reason))
    }
  }
}
