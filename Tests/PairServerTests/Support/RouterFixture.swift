import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import PairAPI
import PairCore
import PairScheduler
import PairStore
import PairTraining
import Synchronization
import Testing

@testable import PairServer

/// The API over a store of its own and a scheduler that trains nothing, called without a socket.
final class RouterFixture: Sendable {
  struct Answer {
    var status: Int
    var headers: HTTPFields
    var body: [UInt8]
    func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value { try JSON.decode(type, from: body) }
    var error: ErrorResponse { get throws { try decode() } }
  }

  let directory = TemporaryDirectory()
  let gate: Gate
  let changes = ChangeHub()
  let scheduler: Scheduler
  let api: APIServer
  private let responder: RouterResponder<APIContext>

  /// - Parameter isOpen: whether jobs run through at once, or wait until `gate` is opened.
  init(isOpen: Bool = true, workers: Int = 2) throws {
    let gate = Gate(isOpen: isOpen)
    self.gate = gate
    let state = try StateDirectory(locking: directory.path)
    let provenance = Provenance(numericsVersion: 1, instructionSet: "baseline")
    let store = try Store(in: state, provenance: provenance)
    scheduler = Scheduler(
      store: store, workers: workers,
      runner: { run in
        let job = run.job
        for epoch in 1...job.spec.epochs {
          run.record(EpochMetrics(epoch: epoch, trainLoss: 1 / Double(epoch), testAccuracy: 0.5))
          guard gate.pass(unless: { run.ask() == .stop }) else { return .stopped }
        }
        return .finished(
          JobResult(
            trainAccuracy: 1, testAccuracy: min(0.5 + Double(job.spec.seed) / 100, 1), trainLoss: 0.1, testLoss: 0.2,
            trainErrors: 0, testErrors: 1, weightsSHA256: String(repeating: "a", count: 64)))
      },
      onFailure: { fatalError("the store failed: \($0)") }, onChange: changes.noteChange)
    api = APIServer(
      scheduler: scheduler, catalog: DatasetCatalog(dataDirectory: "\(directory.path)/data"), changes: changes,
      facts: DaemonFacts(
        provenance: provenance, stateDirectory: directory.path, dataDirectory: "\(directory.path)/data"))
    responder = api.responder()
    scheduler.start()
  }

  func get(_ route: Route, _ query: [QueryItem] = []) async throws -> Answer {
    try await send(.get, route.target(query))
  }

  func post(_ route: Route, _ body: String) async throws -> Answer {
    try await send(.post, route.path, body: Array(body.utf8))
  }

  /// Whatever is answered must be as the API's document says.
  func send(
    _ method: HTTPRequest.Method, _ target: String, body: [UInt8] = [], headers: HTTPFields = [:]
  ) async throws -> Answer {
    let request = Request(
      head: HTTPRequest(
        method: method, scheme: "http", authority: "localhost", path: target, headerFields: headers),
      body: RequestBody(buffer: ByteBuffer(bytes: body)))
    let response = try await responder.respond(
      to: request, context: APIContext(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    let collector = Collector()
    try await response.body.write(collector)
    let answer = Answer(status: response.status.code, headers: response.headers, body: collector.bytes.withLock { $0 })
    let problems = try Contract.shared.problems(
      method, target, status: answer.status, headers: answer.headers, body: answer.body)
    #expect(problems == [])
    return answer
  }

  /// Submits a small grid on `synthetic`, with more axes.
  func submit(_ axes: String = "") async throws -> SubmitResponse {
    try await post(
      .studies, #"{"grid":{"dataset":["synthetic"],"train_pairs":[50],"test_pairs":[20],"epochs":[2]\#(axes)}}"#
    ).decode()
  }

  /// The study's progress once it is done.
  func finished(_ study: Int64) async throws -> ProgressResponse {
    var version: String?
    while true {
      let query = ProgressQuery(after: version, timeoutSeconds: 60, intervalSeconds: 0)
      let progress: ProgressResponse = try await get(.progress(study: study), query.queryItems).decode()
      if progress.isDone { return progress }
      version = progress.version
    }
  }

  private final class Collector: ResponseBodyWriter, Sendable {
    let bytes = Mutex<[UInt8]>([])
    func write(_ buffer: ByteBuffer) async throws { bytes.withLock { $0 += buffer.readableBytesView } }
    func finish(_ trailingHeaders: HTTPFields?) async throws {}
  }
}

/// Holds the fake trainings until a test lets them go.
final class Gate: Sendable {
  private let condition = NSCondition()
  private let isOpen: Mutex<Bool>

  init(isOpen: Bool) { self.isOpen = Mutex(isOpen) }

  func open() {
    isOpen.withLock { $0 = true }
    condition.broadcast()
  }

  /// - Returns: false if the training was asked to stop.
  func pass(unless shouldStop: () -> Bool) -> Bool {
    while !shouldStop() {
      if isOpen.withLock({ $0 }) { return true }
      condition.lock()
      // A stop request does not signal the condition, so that it is asked for again from time to time.
      _ = condition.wait(until: Date(timeIntervalSinceNow: 0.005))
      condition.unlock()
    }
    return false
  }
}
