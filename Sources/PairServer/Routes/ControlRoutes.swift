import Logging
import PairAPI
import PairCore
import PairScheduler
import PairStore

extension APIServer {
  func addControl(to table: inout RouteTable) {
    table.post(.cancel) { (body: ControlRequest, context) in
      let sender = await context.sender()
      return try await control("cancelled", context) {
        try scheduler.cancel(body.filter, because: "cancelled by \(sender)")
      }
    }
    table.post(.pause) { (body: ControlRequest, context) in
      try await control("paused", context) { try scheduler.pause(body.filter) }
    }
    table.post(.resume) { (body: ControlRequest, context) in
      try await control("resumed", context) { try scheduler.resume(body.filter) }
    }
    table.post(.retry) { (body: ControlRequest, context) in
      try await control("queued again", context) { try scheduler.retry(body.filter) }
    }
    table.post(.priority) { (body: PriorityRequest, context) in
      try await control("given priority \(body.priority.rawValue)", context) {
        try scheduler.prioritise(body.filter, as: body.priority)
      }
    }
    table.post(.queue) { (body: QueueRequest, context) in try await control(body.action, context) }
    table.get(.queue) { (_: NoQuery, _) in try await queue() }
  }

  private func control(
    _ verb: String, _ context: APIContext, _ work: @escaping @Sendable () throws -> [Int64]
  ) async throws -> ControlResponse {
    let jobs = try await Blocking.run(work)
    changes.noteChangeOfAll()
    let sender = await context.sender()
    context.logger.info("\(jobs.count) jobs \(verb) by \(sender)")
    return ControlResponse(jobs: jobs)
  }

  private func control(_ action: QueueRequest.Action, _ context: APIContext) async throws -> QueueResponse {
    try await Blocking.run {
      switch action {
      case .pause: try scheduler.pauseQueue(stopsRunning: true)
      case .drain: try scheduler.pauseQueue(stopsRunning: false)
      case .resume: try scheduler.resumeQueue()
      }
    }
    changes.noteChangeOfAll()
    let done =
      switch action {
      case .pause: "paused"
      case .drain: "drained"
      case .resume: "resumed"
      }
    let sender = await context.sender()
    context.logger.notice("queue \(done) by \(sender)")
    return try await queue()
  }

  private func queue() async throws -> QueueResponse {
    let pausedAt = try await store.perform { store throws(StoreError) in try store.queuePausedAt() }
    return QueueResponse(pausedAt: pausedAt, running: scheduler.running.map(\.attempt.job).sorted())
  }
}
