import HTTPTypes
import PairAPI
import PairCore
import PairStore
import Testing

@testable import PairServer

@Suite("The API's routes")
struct RouterTests {
  @Test("Health and status tell of a fresh daemon")
  func freshDaemon() async throws {
    let api = try RouterFixture()
    #expect(try await api.get(.health).decode(HealthResponse.self).status == "ok")
    let status: StatusResponse = try await api.get(.status).decode()
    #expect(status.workers == 2)
    #expect(status.counts == Dictionary(uniqueKeysWithValues: JobState.allCases.map { ($0.rawValue, 0) }))
    #expect(status.running.isEmpty)
  }

  @Test("A submitted grid runs, and its jobs, results and aggregates can be asked for")
  func submission() async throws {
    let api = try RouterFixture()
    let submitted = try await api.submit(#","seed":[1,2,3],"model":["BaseNet","BaseNetWeightShare"]"#)
    #expect(submitted.lastJob - submitted.firstJob + 1 == 6)
    let progress = try await api.finished(submitted.study.id)
    #expect(progress.study.counts == ["succeeded": 6])
    #expect(progress.running.isEmpty)

    let study: StudyRecord = try await api.get(.study(submitted.study.id)).decode()
    #expect(study == progress.study)
    let studies: StudiesResponse = try await api.get(.studies, StudiesQuery(name: study.name).queryItems).decode()
    #expect(studies.studies == [study])

    let filter = JobFilter(study: study.id, parameters: ["seed": [.integer(1), .integer(2)]])
    let query = JobsQuery(filter: filter, page: PageQuery(.oldest, limit: 3))
    let jobs: JobsResponse = try await api.get(.results, query.queryItems).decode()
    #expect(jobs.jobs.map(\.spec.seed) == [1, 2, 1])
    #expect(jobs.jobs.allSatisfy { $0.result != nil })

    let job: JobResponse = try await api.get(.job(submitted.firstJob)).decode()
    #expect(job.epochs.map(\.epoch) == [1, 2])
    #expect(job.job.state == .succeeded)
    let details: JobDetailsResponse = try await api.get(.jobDetails, query.queryItems).decode()
    #expect(details.jobs.map(\.job) == jobs.jobs)
    #expect(details.jobs[0].epochs == job.epochs && details.jobs[0].provenance == job.provenance)
    let long = JobsQuery(page: PageQuery(.oldest, limit: Limits.detailsMax + 1))
    #expect(try await api.get(.jobDetails, long.queryItems).error.key == "limit")

    let aggregate: AggregateResponse = try await api.get(
      .aggregate, AggregateQuery(filter: filter, by: ["model"]).queryItems
    ).decode()
    #expect(aggregate.by == ["model"])
    #expect(aggregate.rows.map(\.n) == [2, 2])
    #expect(aggregate.rows.allSatisfy { abs(($0.mean ?? 0) - 0.515) < 1e-12 })
  }

  @Test("Cancelling ends queued and running jobs of the filter and no others")
  func cancellation() async throws {
    let api = try RouterFixture(isOpen: false, workers: 1)
    let first = try await api.submit(#","seed":[1,2,3]"#)
    let second = try await api.submit()
    let cancelled: ControlResponse = try await api.post(.cancel, #"{"study":\#(first.study.id)}"#).decode()
    #expect(cancelled.jobs == Array(first.firstJob...first.lastJob))
    api.gate.open()
    #expect(try await api.finished(first.study.id).study.counts == ["cancelled": 3])
    #expect(try await api.finished(second.study.id).study.counts == ["succeeded": 1])
  }

  @Test(
    "A request that cannot be accepted is refused with the key, and nothing is written",
    arguments: [
      (#"{"grid":{"modle":["BaseNet"]}}"#, 400, "modle"),
      (#"{"grid":{"model":["BaseNett"]}}"#, 400, "model"),
      (#"{"grid":{"dropout":[1.0]}}"#, 400, "dropout"),
      (#"{"grid":{"dropout":[0.5,0.5]}}"#, 400, "dropout"),
      (#"{"grid":{"epochs":[]}}"#, 400, "epochs"),
      (#"{"grid":{"epochs":[[1]]}}"#, 400, "grid.epochs[0]"),
      (#"{"grid":{"batch_size":[100],"train_pairs":[50]}}"#, 422, "batch_size"),
      (#"{"grid":{"dataset":["nowhere"]}}"#, 422, "dataset"),
      (#"{"grid":{"dataset":["../etc"]}}"#, 400, "dataset"),
      (#"{"grid":{"dataset":["synthetic"],"train_pairs":[900000]}}"#, 400, "train_pairs"),
      (#"{"grid":{"dataset":["synthetic"],"test_pairs":[900000]}}"#, 400, "test_pairs"),
      (#"{"grid":{"seed":[1]},"nmae":"x"}"#, 400, "nmae"),
      (#"{"name":"x"}"#, 400, "grid"),
      (#"{"grid":{"dataset":["synthetic"]},"name":"two\nlines"}"#, 400, "name"),
      (#"{"grid":{"dataset":["synthetic"]},"name":"study-7"}"#, 409, "name"),
      (#"{"grid":"#, 400, "body"),
      ("", 400, "body"),
      ("[]", 400, "body"),
    ])
  func refusedSubmission(body: String, status: Int, key: String) async throws {
    let api = try RouterFixture()
    let answer = try await api.post(.studies, body)
    #expect(answer.status == status)
    #expect(try answer.error.key == key)
    #expect(try await api.get(.studies).decode(StudiesResponse.self).studies.isEmpty)
  }

  @Test(
    "A query that cannot be read is refused with the name and what is allowed",
    arguments: [
      ("/v1/jobs?stat=queued", "stat"), ("/v1/jobs?state=quue", "state"), ("/v1/jobs?limit=0", "limit"),
      ("/v1/jobs?limit=100001", "limit"), ("/v1/jobs?study=x", "study"), ("/v1/jobs?job=5-3", "job"),
      ("/v1/jobs?model=Net", "model"), ("/v1/jobs?seed=1&seed=2", "seed"), ("/v1/jobs?seed", "seed"),
      ("/v1/jobs?model=%zz", "query"), ("/v1/jobs?order=up", "order"), ("/v1/results?state=failed", "state"),
      ("/v1/results/aggregate?by=modle", "by"), ("/v1/results/aggregate?metric=speed", "metric"),
      ("/v1/status?verbose=1", "verbose"), ("/v1/studies/1/progress?timeout=600", "timeout"),
      ("/v1/datasets/synthetic/pairs?split=middle", "split"), ("/v1/datasets/synthetic/pairs?count=0", "count"),
      ("/v1/models/BaseNet/profile?dropout=1", "dropout"), ("/v1/models/BaseNet/profile?seed=1", "seed"),
    ])
  func refusedQuery(target: String, key: String) async throws {
    let answer = try await RouterFixture().send(.get, target)
    #expect(answer.status == 400)
    let error = try answer.error
    #expect(error.error == .badRequest)
    #expect(error.key == key)
    #expect(error.allowed?.isEmpty == false)
  }

  @Test(
    "What is not there answers 404",
    arguments: [
      "/", "/v1", "/v2/health", "/v1/healthy", "/v1/jobs/1", "/v1/jobs/x", "/v1/jobs/-1", "/v1/studies/7",
      "/v1/studies/7/progress", "/v1/jobs/99999999999999999999", "/v1/datasets/nowhere/pairs",
      "/v1/models/LeNet/profile",
    ])
  func notFound(target: String) async throws {
    let answer = try await RouterFixture().send(.get, target)
    #expect(answer.status == 404)
    #expect(try answer.error.error == .notFound)
  }

  @Test(
    "A path answers 405 to methods that it does not serve, and says which it does",
    arguments: RouteTable.Pattern.allCases)
  func methodNotAllowed(pattern: RouteTable.Pattern) async throws {
    let path = pattern.rawValue.replacing("{study}", with: "1").replacing("{job}", with: "1")
      .replacing("{dataset}", with: "synthetic").replacing("{model}", with: "BaseNet")
    let answer = try await RouterFixture().send(.delete, path)
    #expect(answer.status == 405)
    #expect(try answer.error.error == .methodNotAllowed)
    let allowed = try #require(answer.headers[.allow])
    let changing: [RouteTable.Pattern] = [.cancel, .pause, .resume, .retry, .priority, .compare, .sql, .audits]
    #expect(allowed.contains(changing.contains(pattern) ? "POST" : "GET"))
  }

  @Test("Every route that the client knows is one that the server serves")
  func routesMatch() async throws {
    let api = try RouterFixture()
    let submitted = try await api.submit()
    _ = try await api.finished(submitted.study.id)
    let routes: [Route] = [
      .health, .status, .studies, .study(1), .progress(study: 1), .jobs, .jobDetails, .job(1), .results, .aggregate,
      .curves,
      .datasets, .pairs(dataset: "synthetic"), .profile(model: "BaseNet"), .dataset("synthetic"), .reproductions,
      .reproduction(1), .queue, .metrics, .openAPI,
    ]
    let reproduction = try await api.post(
      .reproductions,
      #"{"protocol":"clean","dataset":"synthetic","runs":2,"epochs":1,"train_pairs":50,"test_pairs":20}"#)
    #expect(reproduction.status == 200)
    for route in routes {
      #expect(try await api.get(route).status == 200, "\(route.path)")
    }
    for route in [Route.cancel, .pause, .resume, .retry] {
      #expect(try await api.post(route, #"{"states":["queued"]}"#).status == 200)
    }
    #expect(try await api.post(.priority, #"{"priority":"low","states":["queued"]}"#).status == 200)
    #expect(try await api.post(.queue, #"{"action":"resume"}"#).status == 200)
    #expect(try await api.post(.sql, #"{"sql":"SELECT 1"}"#).status == 200)
    #expect(try await api.post(.compare, #"{"settings":[]}"#).status == 400)
    let audit: AuditResponse = try await api.post(.audits, #"{"sample":"1","seed":1}"#).decode()
    #expect(try await api.get(.audit(study: audit.report.study.id)).status == 200)
    #expect(routes.count + 9 == RouteTable.Pattern.allCases.count)
  }

  @Test(
    "A cancellation without conditions, or with a misspelt one, cancels nothing", arguments: ["{}", #"{"stduy":1}"#])
  func refusedCancellation(body: String) async throws {
    let api = try RouterFixture(isOpen: false, workers: 1)
    let submitted = try await api.submit(#","seed":[1,2,3]"#)
    #expect(try await api.post(.cancel, body).status == 400)
    let study: StudyRecord = try await api.get(.study(submitted.study.id)).decode()
    #expect(study.count(.cancelled) == 0)
    api.gate.open()
    _ = try await api.finished(submitted.study.id)
  }

  @Test("A queued job says what it waits for; the others have nothing to say")
  func waiting() async throws {
    let api = try RouterFixture(isOpen: false, workers: 1)
    let submitted = try await api.submit(#","seed":[1,2,3]"#)
    while api.scheduler.running.isEmpty { await Task.yield() }
    var answers: [JobResponse] = []
    for job: Int64 in 1...3 { answers.append(try await api.get(.job(job)).decode()) }
    #expect(answers.map { $0.waiting?.because } == [nil, "turn", "turn"])
    #expect(answers[2].waiting?.message == "1 queued job is before it")
    #expect(try await api.post(.queue, #"{"action":"drain"}"#).status == 200)
    #expect(try await api.get(.job(2)).decode(JobResponse.self).waiting?.because == "queue_paused")
    #expect(try await api.post(.queue, #"{"action":"resume"}"#).status == 200)
    api.gate.open()
    _ = try await api.finished(submitted.study.id)
    #expect(try await api.get(.job(3)).decode(JobResponse.self).waiting == nil)
  }

  @Test("A body beyond the limit answers 413")
  func tooLarge() async throws {
    let answer = try await RouterFixture().send(
      .post, Route.studies.path, body: Array(repeating: UInt8(ascii: " "), count: Limits.bodyBytesMax + 1))
    #expect(answer.status == 413)
    #expect(try answer.error.error == .tooLarge)
  }

  @Test("A name that is in use answers 409")
  func nameInUse() async throws {
    let api = try RouterFixture()
    let body = #"{"name":"first","grid":{"dataset":["synthetic"],"train_pairs":[50],"test_pairs":[20],"epochs":[1]}}"#
    #expect(try await api.post(.studies, body).status == 200)
    let answer = try await api.post(.studies, body)
    #expect(answer.status == 409)
    #expect(try answer.error.key == "name")
  }

  @Test("The aggregate's metrics are those of the store")
  func metrics() { #expect(AggregateQuery.metrics == Metric.allCases.map(\.rawValue)) }

  @Test("Shown pairs are 14x14 grey images with their digits and target")
  func pairs() async throws {
    let answer = try await RouterFixture().get(.pairs(dataset: "synthetic"), PairsQuery(seed: 3, count: 5).queryItems)
    let pairs = try answer.decode(PairsResponse.self).pairs
    #expect(pairs.count == 5)
    for pair in pairs {
      #expect(pair.images.map(\.count) == [196, 196])
      #expect(pair.images.allSatisfy { ($0.max() ?? 0) > 100 })
      #expect(pair.target == (pair.digits[0] <= pair.digits[1] ? 1 : 0))
    }
  }
}
