import Hummingbird
import PairAPI

/// The routes of the API. Every path answers every method: those that it does not serve with 405 and what it does.
struct RouteTable {
  private let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
  private var methods: [Pattern: [HTTPRequest.Method]] = [:]

  /// The paths of `Route`, with names in place of what varies.
  enum Pattern: String, CaseIterable {
    case health = "/v1/health"
    case status = "/v1/status"
    case studies = "/v1/studies"
    case study = "/v1/studies/{study}"
    case progress = "/v1/studies/{study}/progress"
    case jobs = "/v1/jobs"
    case job = "/v1/jobs/{job}"
    case jobDetails = "/v1/jobs/details"
    case cancel = "/v1/jobs/cancel"
    case pause = "/v1/jobs/pause"
    case resume = "/v1/jobs/resume"
    case retry = "/v1/jobs/retry"
    case priority = "/v1/jobs/priority"
    case queue = "/v1/queue"
    case results = "/v1/results"
    case aggregate = "/v1/results/aggregate"
    case curves = "/v1/results/curves"
    case compare = "/v1/results/compare"
    case sql = "/v1/sql"
    case datasets = "/v1/datasets"
    case dataset = "/v1/datasets/{dataset}"
    case reproductions = "/v1/reproductions"
    case reproduction = "/v1/reproductions/{reproduction}"
    case pairs = "/v1/datasets/{dataset}/pairs"
    case profile = "/v1/models/{model}/profile"
  }

  init() {
    router.add(middleware: ErrorMiddleware())
  }

  mutating func get<Query: RequestQuery, Answer: Encodable & SendableMetatype>(
    _ pattern: Pattern, _ handler: @escaping @Sendable (Query, APIContext) async throws -> Answer
  ) {
    add(.get, pattern) { request, context in
      try .json(try await handler(try Query(request.uri.query ?? ""), context))
    }
  }

  mutating func post<Body: Decodable & SendableMetatype, Answer: Encodable & SendableMetatype>(
    _ pattern: Pattern, _ handler: @escaping @Sendable (Body, APIContext) async throws -> Answer
  ) {
    add(.post, pattern) { request, context in
      _ = try NoQuery(request.uri.query ?? "")
      return try .json(try await handler(try await request.decode(Body.self), context))
    }
  }

  /// Closes the table.
  consuming func responder() -> RouterResponder<APIContext> {
    for (pattern, served) in methods {
      let allowed = served.flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] }.joined(separator: ", ")
      for method in [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete, .options, .trace, .connect]
      where !served.contains(method) && !(method == .head && served.contains(.get)) {
        router.on(RouterPath(pattern.rawValue), method: method) { _, _ -> Response in
          throw APIError(
            answer: ErrorResponse(
              error: .methodNotAllowed, message: "this path answers to \(allowed)", key: "method",
              value: method.rawValue, allowed: allowed),
            headers: [.allow: allowed])
        }
      }
    }
    return router.buildResponder()
  }

  private mutating func add(
    _ method: HTTPRequest.Method, _ pattern: Pattern,
    _ handler: @escaping @Sendable (Request, APIContext) async throws -> Response
  ) {
    methods[pattern, default: []].append(method)
    router.on(RouterPath(pattern.rawValue), method: method, use: handler)
  }
}
