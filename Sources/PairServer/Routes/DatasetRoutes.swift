import PairAPI
import PairCore
import PairTraining

extension APIServer {
  func addDatasets(to table: inout RouteTable) {
    table.get(.datasets) { (_: NoQuery, _) in
      let entries = try await Blocking.run { catalog.listing() }
      return DatasetsResponse(
        datasets: entries.map { .init(name: $0.name, available: $0.available, detail: $0.detail) })
    }
    table.get(.dataset) { (_: NoQuery, context) in
      let name = try QueryItem.percentDecoded(context.parameters.get("dataset") ?? "")
      let dataset = try await Blocking.run { try load(name) }
      return DatasetResponse(
        name: dataset.name, digest: dataset.digest, trainImages: dataset.train.count, testImages: dataset.test.count)
    }
    table.get(.pairs) { (query: PairsQuery, context) in
      try await pairs(of: context.parameters.get("dataset") ?? "", query)
    }
  }

  /// The first pairs that a job with the query's seed trains or tests on, before standardisation.
  private func pairs(of name: String, _ query: PairsQuery) async throws -> PairsResponse {
    let name = try QueryItem.percentDecoded(name)
    return try await Blocking.run {
      let dataset = try load(name)
      let split = query.split == .train ? PairTraining.Split.train : .test
      return PairsResponse(try RawPairs(split, of: dataset, count: query.count, seed: query.seed))
    }
  }

  /// - Throws: `APIError` 404 if there is no such dataset: here its name is part of the path.
  private func load(_ name: String) throws -> Dataset {
    do throws(DatasetError) {
      return try catalog.load(name)
    } catch {
      guard case .missing = error else { throw error }
      throw APIError.notFound(error.description)
    }
  }
}

extension PairsResponse {
  init(_ raw: RawPairs) {
    self.init(
      pairs: (0..<raw.count).map { index in
        PairsResponse.Pair(
          images: [0, 1].map { raw.grey(pair: index, digit: $0) },
          digits: [Int(raw.digits[2 * index]), Int(raw.digits[2 * index + 1])], target: Int(raw.targets[index]))
      })
  }
}
