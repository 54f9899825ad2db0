import PairCore

/// A stretch of a list of jobs; the next one begins after the last id of this one.
package struct PageQuery: Hashable, Sendable {
  package static let names = ["order", "limit", "after"]
  package enum Order: String, CaseIterable, Sendable { case newest, oldest }

  /// Which jobs come first.
  package var order: Order
  /// In 1...`Limits.pageMax`.
  package var limit: Int
  /// The last id of the stretch before this one in the same order.
  package var after: Int64?

  package init(_ order: Order = .newest, limit: Int = Limits.pageDefault, after: Int64? = nil) {
    self.order = order
    self.limit = limit
    self.after = after
  }

  package var queryItems: [QueryItem] {
    [QueryItem("order", order.rawValue), QueryItem("limit", String(limit))]
      + (after.map { [QueryItem("after", String($0))] } ?? [])
  }

  package init(taking query: inout [QueryItem]) throws(SpecError) {
    let name = query.take("order")?.value ?? Order.newest.rawValue
    guard let order = Order(rawValue: name) else {
      throw SpecError(key: "order", value: name, allowed: "give newest or oldest")
    }
    self.order = order
    limit = try query.takeInteger("limit", in: 1...Limits.pageMax) ?? Limits.pageDefault
    after = try query.takeInteger("after", in: 1...Int.max).map(Int64.init)
  }
}

/// The query of GET /v1/studies, newest first.
package struct StudiesQuery: RequestQuery, Hashable {
  package static let names = ["limit", "after", "name"]

  /// In 1...`Limits.pageMax`.
  package var limit: Int
  /// The last id of the stretch before this one.
  package var after: Int64?
  /// Only the study of that name.
  package var name: String?

  package init(limit: Int = Limits.pageDefault, after: Int64? = nil, name: String? = nil) {
    self.limit = limit
    self.after = after
    self.name = name
  }

  package var queryItems: [QueryItem] {
    [QueryItem("limit", String(limit))] + (after.map { [QueryItem("after", String($0))] } ?? [])
      + (name.map { [QueryItem("name", $0)] } ?? [])
  }

  package init(taking query: inout [QueryItem]) throws(SpecError) {
    limit = try query.takeInteger("limit", in: 1...Limits.pageMax) ?? Limits.pageDefault
    after = try query.takeInteger("after", in: 1...Int.max).map(Int64.init)
    name = query.take("name")?.value
  }
}

/// The query of GET /v1/jobs and GET /v1/results.
package struct JobsQuery: RequestQuery, Hashable {
  package static let names = JobFilter.queryNames + PageQuery.names

  package var filter: JobFilter
  package var page: PageQuery

  package init(filter: JobFilter = JobFilter(), page: PageQuery = PageQuery()) {
    self.filter = filter
    self.page = page
  }

  package var queryItems: [QueryItem] { filter.queryItems + page.queryItems }

  package init(taking query: inout [QueryItem]) throws(SpecError) {
    filter = try JobFilter(taking: &query)
    page = try PageQuery(taking: &query)
  }
}

/// The query of GET /v1/results/aggregate.
package struct AggregateQuery: RequestQuery, Hashable {
  package static let names = JobFilter.queryNames + ["by", "metric", "values"]
  /// The columns of a result that can be aggregated.
  package static let metrics = [
    "test_accuracy", "train_accuracy", "test_loss", "train_loss", "test_errors", "train_errors", "digit1_accuracy",
    "digit2_accuracy", "duration_seconds",
  ]

  package var filter: JobFilter
  /// Keys of parameters to group by, none for one row of all; nil for the model and every parameter but the seed that varies or is filtered.
  package var by: [String]?
  package var metric: String
  /// Whether each row is to carry the single values behind its figures.
  package var values: Bool

  package init(
    filter: JobFilter = JobFilter(), by: [String]? = nil, metric: String = "test_accuracy", values: Bool = false
  ) {
    self.filter = filter
    self.by = by
    self.metric = metric
    self.values = values
  }

  package var queryItems: [QueryItem] {
    filter.queryItems + (by.map { [QueryItem("by", $0.joined(separator: ","))] } ?? [])
      + [QueryItem("metric", metric)] + (values ? [QueryItem("values", "true")] : [])
  }

  package init(taking query: inout [QueryItem]) throws(SpecError) {
    filter = try JobFilter(taking: &query)
    by = try query.takeKeys("by")
    metric = try query.takeMetric(of: Self.metrics)
    let flag = query.take("values")?.value ?? "false"
    guard let values = Bool(flag) else { throw SpecError(key: "values", value: flag, allowed: "give true or false") }
    self.values = values
  }
}

/// The query of GET /v1/studies/{id}/progress, a long poll: it answers when something changed since `after`,
/// when the study is done, or when `timeoutSeconds` have passed, and not before `intervalSeconds` unless the study is done.
package struct ProgressQuery: RequestQuery, Hashable {
  package static let names = ["after", "timeout", "interval"]

  /// The `version` of the answer that the client has; nil asks for an answer at once.
  package var after: String?
  package var timeoutSeconds: Double
  package var intervalSeconds: Double

  package init(after: String? = nil, timeoutSeconds: Double = 30, intervalSeconds: Double = 0.25) {
    self.after = after
    self.timeoutSeconds = timeoutSeconds
    self.intervalSeconds = intervalSeconds
  }

  package var queryItems: [QueryItem] {
    (after.map { [QueryItem("after", $0)] } ?? [])
      + [QueryItem("timeout", String(timeoutSeconds)), QueryItem("interval", String(intervalSeconds))]
  }

  package init(taking query: inout [QueryItem]) throws(SpecError) {
    after = query.take("after")?.value
    timeoutSeconds = try query.takeSeconds("timeout") ?? 30
    intervalSeconds = try query.takeSeconds("interval") ?? 0.25
  }
}

/// The query of GET /v1/datasets/{name}/pairs.
package struct PairsQuery: RequestQuery, Hashable {
  package static let names = ["seed", "count", "split"]
  package enum Split: String, CaseIterable, Sendable { case train, test }

  package var seed: Int64
  /// In 1...`Limits.pairsMax`.
  package var count: Int
  package var split: Split

  package init(seed: Int64 = 1, count: Int = 8, split: Split = .train) {
    self.seed = seed
    self.count = count
    self.split = split
  }

  package var queryItems: [QueryItem] {
    [QueryItem("seed", String(seed)), QueryItem("count", String(count)), QueryItem("split", split.rawValue)]
  }

  package init(taking query: inout [QueryItem]) throws(SpecError) {
    seed = Int64(try query.takeInteger("seed", in: 0...Int.max) ?? 1)
    count = try query.takeInteger("count", in: 1...Limits.pairsMax) ?? 8
    let name = query.take("split")?.value ?? Split.train.rawValue
    guard let split = Split(rawValue: name) else {
      throw SpecError(key: "split", value: name, allowed: "give train or test")
    }
    self.split = split
  }
}

extension [QueryItem] {
  /// Keys of parameters, each once; none of them for an empty value.
  mutating func takeKeys(_ name: String) throws(SpecError) -> [String]? {
    guard let item = take(name) else { return nil }
    var keys: [String] = []
    for part in item.value.isEmpty ? [] : item.value.parts(separatedBy: ",") {
      guard Parameter.named(part) != nil, !keys.contains(part) else {
        throw SpecError(
          key: name, value: part,
          allowed: "list parameters, each once: \(Parameter.all.map(\.key).joined(separator: ", "))")
      }
      keys.append(part)
    }
    return keys
  }

  mutating func takeMetric(of metrics: [String]) throws(SpecError) -> String {
    let metric = take("metric")?.value ?? "test_accuracy"
    guard metrics.contains(metric) else {
      throw SpecError(key: "metric", value: metric, oneOf: metrics)
    }
    return metric
  }

  mutating func takeInteger(_ name: String, in range: ClosedRange<Int>) throws(SpecError) -> Int? {
    guard let item = take(name) else { return nil }
    guard let value = Int(item.value), range.contains(value) else {
      throw SpecError(
        key: name, value: item.value, allowed: "give an integer from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  mutating func takeSeconds(_ name: String) throws(SpecError) -> Double? {
    guard let item = take(name) else { return nil }
    guard let value = Double(item.value), (0...Limits.waitSecondsMax).contains(value) else {
      throw SpecError(
        key: name, value: item.value, allowed: "give seconds from 0 to \(Int(Limits.waitSecondsMax))")
    }
    return value
  }
}
