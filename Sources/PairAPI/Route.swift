import PairCore

/// Where things are in the API. The server's patterns and the client's paths both come from here.
package enum Route: Hashable, Sendable {
  /// GET: `HealthResponse`
  case health
  /// GET: `StatusResponse`
  case status
  /// POST `SubmitRequest`: `SubmitResponse`. GET: `StudiesResponse`, with the query of `StudiesQuery`.
  case studies
  /// GET: `StudyRecord`
  case study(Int64)
  /// GET: `ProgressResponse`, with the query of `ProgressQuery`.
  case progress(study: Int64)
  /// GET: `JobsResponse`, with the query of `JobsQuery`.
  case jobs
  /// GET: `JobResponse`
  case job(Int64)
  /// GET: `JobDetailsResponse`, with the query of `JobsQuery`, at most `Limits.detailsMax` a page.
  case jobDetails
  /// POST `ControlRequest`: `ControlResponse`
  case cancel, pause, resume, retry
  /// POST `PriorityRequest`: `ControlResponse`
  case priority
  /// POST `QueueRequest`: `QueueResponse`. GET: `QueueResponse`.
  case queue
  /// GET: `JobsResponse` of jobs that succeeded, with the query of `JobsQuery`.
  case results
  /// GET: `AggregateResponse`, with the query of `AggregateQuery`.
  case aggregate
  /// GET: `CurvesResponse`, with the query of `CurvesQuery`.
  case curves
  /// POST `CompareRequest`: `CompareResponse`
  case compare
  /// POST `SQLRequest`: `SQLResponse`
  case sql
  /// GET: `DatasetsResponse`
  case datasets
  /// GET: `DatasetResponse`
  case dataset(String)
  /// POST `ReproduceRequest`: `ReproductionResponse`. GET: `ReproductionsResponse`.
  case reproductions
  /// GET: `ReproductionResponse`
  case reproduction(Int64)
  /// POST `AuditRequest`: `AuditResponse`
  case audits
  /// GET: `AuditReport` of an audit, by the number of its study
  case audit(study: Int64)
  /// GET: `PairsResponse`, with the query of `PairsQuery`.
  case pairs(dataset: String)
  /// GET: `ProfileResponse`, with the query of `ProfileQuery`.
  case profile(model: String)
  /// GET: counters and gauges as Prometheus' text
  case metrics
  /// GET: the API's description in OpenAPI 3.1
  case openAPI

  package var path: String {
    switch self {
    case .health: "/v1/health"
    case .status: "/v1/status"
    case .studies: "/v1/studies"
    case .study(let id): "/v1/studies/\(id)"
    case .progress(let id): "/v1/studies/\(id)/progress"
    case .jobs: "/v1/jobs"
    case .job(let id): "/v1/jobs/\(id)"
    case .jobDetails: "/v1/jobs/details"
    case .cancel: "/v1/jobs/cancel"
    case .pause: "/v1/jobs/pause"
    case .resume: "/v1/jobs/resume"
    case .retry: "/v1/jobs/retry"
    case .priority: "/v1/jobs/priority"
    case .queue: "/v1/queue"
    case .results: "/v1/results"
    case .aggregate: "/v1/results/aggregate"
    case .curves: "/v1/results/curves"
    case .compare: "/v1/results/compare"
    case .sql: "/v1/sql"
    case .datasets: "/v1/datasets"
    case .dataset(let name): "/v1/datasets/\(QueryItem.percentEncoded(name))"
    case .reproductions: "/v1/reproductions"
    case .reproduction(let id): "/v1/reproductions/\(id)"
    case .audits: "/v1/audits"
    case .audit(let study): "/v1/audits/\(study)"
    case .pairs(let dataset): "/v1/datasets/\(QueryItem.percentEncoded(dataset))/pairs"
    case .profile(let model): "/v1/models/\(QueryItem.percentEncoded(model))/profile"
    case .metrics: "/v1/metrics"
    case .openAPI: "/v1/openapi.json"
    }
  }

  /// The request target: the path, with the query where there is one.
  package func target(_ query: [QueryItem] = []) -> String {
    query.isEmpty ? path : "\(path)?\(QueryItem.string(query))"
  }
}

/// What the server refuses to exceed; the client asks for no more.
package enum Limits {
  /// Rows of a page if the query names no `limit`, and the most that it may name.
  package static let pageDefault = 100
  package static let pageMax = 100_000
  /// Rows that the client asks for at a time.
  package static let pageOfClient = 10_000
  /// Jobs of a page that brings everything about each: some 5 KB a job of 30 epochs.
  package static let detailsMax = 500
  /// Bytes of a request's body.
  package static let bodyBytesMax = 16 << 20
  /// Seconds that a progress request may wait.
  package static let waitSecondsMax = 60.0
  /// Pairs that one request may show.
  package static let pairsMax = 100
  /// Settings that one answer may have curves of, and settings that one request may compare.
  package static let curvesMax = 200
  package static let comparedMax = 20
  /// The same where comparisons are only made within groups.
  package static let comparedInGroupsMax = 200
  /// Rows and seconds of an SQL query if the request names none, and the most that it may name.
  package static let sqlRowsDefault = 10_000
  package static let sqlRowsMax = 1_000_000
  package static let sqlSecondsDefault = 10.0
  package static let sqlSecondsMax = 60.0
}
