import Logging
import PairAPI
import PairCore
import PairStore
import PairTraining

extension APIServer {
  func addStudies(to table: inout RouteTable) {
    table.post(.studies) { (body: SubmitRequest, context) in try await submit(body, context) }
    table.getList(.studies, "studies") { (query: StudiesQuery) in studies(query) }
    table.get(.study) { (_: NoQuery, context) in try await study(try context.id("study")) }
  }

  /// Checks everything before anything is written, so that a grid is accepted whole or not at all.
  private func submit(_ body: SubmitRequest, _ context: APIContext) async throws -> SubmitResponse {
    let sender = await context.sender()
    let submission = try await Blocking.run {
      let specs: [JobSpec]
      let digests: [String: String]
      if let jobs = body.jobs {
        specs = try jobs.map { try JobSpec(validating: $0) }
        digests = try datasetDigests(for: specs)
      } else {
        let grid = try Grid(validating: body.grid ?? [:])
        specs = try grid.cells()
        digests = try datasetDigests(for: grid)
      }
      return try scheduler.submit(specs, named: body.name, datasetDigests: digests, options: body.options)
    }
    context.logger.info(
      "study \(submission.study.id) submitted by \(sender)",
      metadata: ["name": "\(submission.study.name)", "jobs": "\(submission.jobs.count)"])
    return SubmitResponse(
      study: submission.study, firstJob: submission.jobs.lowerBound, lastJob: submission.jobs.upperBound,
      reused: submission.reused)
  }

  /// The digest of every dataset that the grid names.
  ///
  /// - Throws: `DatasetError` if one is not there, or has too few images for the pairs that the grid asks for.
  private func datasetDigests(for grid: Grid) throws(DatasetError) -> [String: String] {
    func values(_ parameter: Parameter) -> [ParameterValue] {
      grid.axes.first { $0.parameter.key == parameter.key }?.values ?? []
    }
    var digests: [String: String] = [:]
    for case .text(let name) in values(.dataset) {
      let dataset = try catalog.load(name)
      for case .integer(let trainPairs) in values(.trainPairs) {
        try PairDraw.check(Int(trainPairs), from: .train, of: dataset)
        for case .integer(let testPairs) in values(.testPairs) {
          for split in values(.evaluateOn) {
            if split == .text(EvaluationSplit.validation.rawValue) {
              try PairDraw.checkValidation(Int(testPairs), besides: Int(trainPairs), of: dataset)
            } else {
              try PairDraw.check(Int(testPairs), from: .test, of: dataset)
            }
          }
        }
      }
      digests[name] = dataset.digest
    }
    return digests
  }

  /// The digest of every dataset that the specs name.
  ///
  /// - Throws: as for a grid.
  func datasetDigests(for specs: [JobSpec]) throws(DatasetError) -> [String: String] {
    var digests: [String: String] = [:]
    for spec in specs {
      let dataset = try catalog.load(spec.dataset)
      try PairDraw.check(spec.trainPairs, from: .train, of: dataset)
      switch spec.evaluateOn {
      case .test: try PairDraw.check(spec.testPairs, from: .test, of: dataset)
      case .validation: try PairDraw.checkValidation(spec.testPairs, besides: spec.trainPairs, of: dataset)
      }
      digests[spec.dataset] = dataset.digest
    }
    return digests
  }

  private func studies(_ query: StudiesQuery) -> Portions<StudyRecord> {
    Portions(limit: query.limit) { last, count in
      try await store.perform { store throws(StoreError) in
        if let name = query.name { return try store.study(named: name).map { [$0] } ?? [] }
        return try store.studies(limit: count, before: last?.id ?? query.after)
      }
    }
  }

  /// - Throws: `APIError` 404 if there is no such study.
  func study(_ id: Int64) async throws -> StudyRecord {
    guard let study = try await store.perform({ store throws(StoreError) in try store.study(id) }) else {
      throw APIError.notFound("there is no study \(id)")
    }
    return study
  }
}
