import Hummingbird
import NIOCore
import PairAPI

/// The routes of the API. Every path answers every method: those that it does not serve with 405 and what it does.
struct RouteTable {
  private let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
  private(set) var operations: [Operation] = []

  /// What a path answers to.
  struct Operation: Sendable {
    var method: HTTPRequest.Method
    var pattern: Pattern
    /// The names that its query may have.
    var queryNames: [String]
  }

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
    case audits = "/v1/audits"
    case audit = "/v1/audits/{study}"
    case pairs = "/v1/datasets/{dataset}/pairs"
    case profile = "/v1/models/{model}/profile"
    case metrics = "/v1/metrics"
    case openAPI = "/v1/openapi.json"
  }

  /// Every method that the HTTP parser knows, so that none of them is a path that is not there.
  private static let allMethods = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "ACL", "BIND", "CHECKOUT", "COPY",
    "LINK", "LOCK", "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL", "MOVE", "M-SEARCH", "NOTIFY", "PROPFIND", "PROPPATCH",
    "PURGE", "QUERY", "REBIND", "REPORT", "SEARCH", "SOURCE", "SUBSCRIBE", "UNBIND", "UNLINK", "UNLOCK", "UNSUBSCRIBE",
  ].compactMap { HTTPRequest.Method($0) }

  init() {
    router.add(middleware: ErrorMiddleware())
  }

  mutating func get<Query: RequestQuery, Answer: Encodable & SendableMetatype>(
    _ pattern: Pattern, _ handler: @escaping @Sendable (Query, APIContext) async throws -> Answer
  ) {
    add(.get, pattern, queryNames: Query.names) { request, context in
      try .json(try await handler(try Query(request.uri.query ?? ""), context))
    }
  }

  /// A list that is sent in parts, as it is read: `{"NAME":[...]}`.
  mutating func getList<Query: RequestQuery, Element: Encodable & Sendable>(
    _ pattern: Pattern, _ name: String,
    _ handler: @escaping @Sendable (Query) async throws -> Portions<Element>
  ) {
    add(.get, pattern, queryNames: Query.names) { request, _ in
      try await .jsonList(name, try await handler(try Query(request.uri.query ?? "")))
    }
  }

  /// A text that is no JSON of ours.
  mutating func getText(
    _ pattern: Pattern, type: String, _ handler: @escaping @Sendable () async throws -> [UInt8]
  ) {
    add(.get, pattern, queryNames: []) { request, _ in
      _ = try NoQuery(request.uri.query ?? "")
      return Response(
        status: .ok, headers: [.contentType: type, .cacheControl: "no-store"],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: try await handler())))
    }
  }

  mutating func post<Body: Decodable & SendableMetatype, Answer: Encodable & SendableMetatype>(
    _ pattern: Pattern, _ handler: @escaping @Sendable (Body, APIContext) async throws -> Answer
  ) {
    add(.post, pattern, queryNames: []) { request, context in
      _ = try NoQuery(request.uri.query ?? "")
      return try .json(try await handler(try await request.decode(Body.self), context))
    }
  }

  /// Closes the table.
  consuming func responder() -> RouterResponder<APIContext> {
    for pattern in Pattern.allCases {
      let served = operations.filter { $0.pattern == pattern }.map(\.method)
      let allowed = served.flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] }.joined(separator: ", ")
      for method in Self.allMethods
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
    _ method: HTTPRequest.Method, _ pattern: Pattern, queryNames: [String],
    _ handler: @escaping @Sendable (Request, APIContext) async throws -> Response
  ) {
    operations.append(Operation(method: method, pattern: pattern, queryNames: queryNames))
    router.on(RouterPath(pattern.rawValue), method: method, use: handler)
  }
}
