import PairCore

/// POST /v1/audits: results to train again, to see whether the bits come out the same.
package struct AuditRequest: Codable, Sendable {
  /// Which results; without conditions, all of them.
  package var filter: JobFilter
  /// How many of them, as in `"20"` and `"2%"`.
  package var sample: SampleSize
  /// Draws them; 0 or more.
  package var seed: Int64
  /// The name of the audit's study; by default one is made from its number.
  package var name: String?

  package init(filter: JobFilter, sample: SampleSize, seed: Int64, name: String? = nil) {
    self.filter = filter
    self.sample = sample
    self.seed = seed
    self.name = name
  }

  enum CodingKeys: String, CodingKey, CaseIterable { case filter, sample, seed, name }

  package init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(besides: CodingKeys.allCases.map(\.rawValue))
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if container.contains(.filter), try !container.decodeNil(forKey: .filter) {
      let conditions = try container.superDecoder(forKey: .filter)
      try conditions.refuseKeys(besides: JobFilter.bodyKeys)
      filter = try JobFilter(body: conditions)
    } else {
      filter = JobFilter()
    }
    sample = try container.decode(SampleSize.self, forKey: .sample)
    seed = try container.decode(Int64.self, forKey: .seed)
    guard seed >= 0 else { throw SpecError(key: "seed", value: String(seed), allowed: "give an integer from 0") }
    name = try container.decodeIfPresent(String.self, forKey: .name)
  }
}

/// The answer to an `AuditRequest` that is on disk.
package struct AuditResponse: Codable, Sendable {
  /// How many results could be repeated here, from which the jobs were drawn.
  package var candidates: Int
  /// What could not.
  package var skipped: [AuditSkip]
  package var report: AuditReport

  package init(candidates: Int, skipped: [AuditSkip], report: AuditReport) {
    self.candidates = candidates
    self.skipped = skipped
    self.report = report
  }
}
