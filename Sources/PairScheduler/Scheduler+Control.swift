import PairCore
import PairStore

/// What people ask of the queue: each method changes the store, tells the workers, and sends those that rest to look
/// whether there is something for them now.
extension Scheduler {
  /// Cancels jobs that have not ended; when it returns they are cancelled on disk, and workers stop at their next step.
  ///
  /// - Returns: the ids of the jobs that were cancelled, ascending.
  package func cancel(
    _ filter: JobFilter, because reason: String = "cancelled by request"
  ) throws(StoreError) -> [Int64] {
    let cancellation = try whileNobodyClaims { () throws(StoreError) in
      let cancellation = try store.cancel(filter, because: reason)
      roster.withLock { _ = $0.stop(cancellation.running, because: .cancel) }
      return cancellation
    }
    if !cancellation.jobs.isEmpty { wakeAll() }
    return cancellation.jobs
  }

  /// Pauses queued and running jobs. Running ones stop at their next step; when it returns all are paused on disk, but
  /// for those that came to their end before.
  ///
  /// - Returns: the ids of the jobs that were paused, ascending.
  package func pause(_ filter: JobFilter) throws(StoreError) -> [Int64] {
    var paused: Set<Int64> = []
    var filter = filter
    while true {
      let (pausing, signals) = try whileNobodyClaims { () throws(StoreError) in
        let pausing = try store.pause(filter)
        return (pausing, roster.withLock { $0.stop(pausing.running, because: .pause) })
      }
      paused.formUnion(pausing.paused)
      guard !pausing.running.isEmpty else { break }
      for signal in signals { signal.wait() }
      let states = try store.states(of: pausing.running.map(\.job))
      paused.formUnion(states.filter { $0.value == .paused }.keys)
      // One that was put back into the queue for another reason may even run again by now.
      let left = states.filter { $0.value.after(.pause) != nil }.keys.sorted()
      guard !left.isEmpty else { break }
      filter = JobFilter(jobs: left)
    }
    if !paused.isEmpty { wakeAll() }
    return paused.sorted()
  }

  /// Puts paused jobs back into the queue.
  ///
  /// - Returns: their ids, ascending.
  package func resume(_ filter: JobFilter) throws(StoreError) -> [Int64] {
    let jobs = try store.resume(filter)
    if !jobs.isEmpty { wakeAll() }
    return jobs
  }

  /// Puts jobs that failed, diverged or were cancelled back into the queue (see `Store.retry`).
  ///
  /// - Returns: their ids, ascending.
  package func retry(_ filter: JobFilter) throws(StoreError) -> [Int64] {
    // A cancelled job's worker may be on its way out of it: what it still writes is refused.
    let jobs = try store.retry(filter)
    if !jobs.isEmpty { wakeAll() }
    return jobs
  }

  /// Gives jobs that have not ended another priority.
  ///
  /// - Returns: the ids of those that had a different one, ascending.
  package func prioritise(_ filter: JobFilter, as priority: Priority) throws(StoreError) -> [Int64] {
    let jobs = try whileNobodyClaims { () throws(StoreError) in
      let jobs = try store.prioritise(filter, as: priority)
      roster.withLock { $0.setPriority(priority, of: Set(jobs)) }
      return jobs
    }
    if !jobs.isEmpty { wakeAll() }
    return jobs
  }

  /// From now on nobody takes a job, also after a restart.
  ///
  /// - Parameter stopsRunning: whether running jobs are to stop at their next step and go back to the queue; then it
  ///   returns when they have. Otherwise they go on to their end.
  package func pauseQueue(stopsRunning: Bool) throws(StoreError) {
    let signals = try whileNobodyClaims { () throws(StoreError) in
      try store.pauseQueue()
      return stopsRunning ? roster.withLock { $0.stopAll(because: .stop) } : []
    }
    for signal in signals { signal.wait() }
  }

  /// Ends what `pauseQueue` began.
  package func resumeQueue() throws(StoreError) {
    try store.resumeQueue()
    wakeAll()
  }

  private func wakeAll() {
    dispatch(roster.withLock { $0.wake(for: workers) })
    preempt()
  }

  /// Runs `work` so that the roster knows every job that the store has running, and no worker takes another meanwhile.
  func whileNobodyClaims<Value>(_ work: () throws(StoreError) -> Value) throws(StoreError) -> Value {
    let result: Result<Value, StoreError> = claiming.withLock { _ in
      do throws(StoreError) { return .success(try work()) } catch { return .failure(error) }
    }
    return try result.get()
  }
}
