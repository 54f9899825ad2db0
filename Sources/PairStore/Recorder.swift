import Dispatch
import GRDB
import PairCore
import Synchronization

/// Writes what the workers measure, without making them wait.
///
/// Epochs of all jobs are gathered for a moment and written in one transaction, so that a job costs a few commits rather
/// than one an epoch. What one attempt hands over is written in that order; its end also waits for the disk.
///
/// A checkpoint is written in the same transaction as the epochs before it or in a later one, never earlier. At most one
/// waits for an attempt, a newer one in its place, and one is being written: a slow disk cannot fill the memory.
///
/// Goals: training never waits for the commit of an epoch or a checkpoint; a finished job is on disk when `finish`
/// returns.
/// Non-goal: epochs since the last checkpoint of a job that still runs survive a crash; they are done again anyway.
package final class Recorder: Sendable {
  /// How long epochs may wait for company.
  package static let delay = DispatchTimeInterval.milliseconds(200)
  /// How many epochs may wait; whoever brings more waits, so that a slow disk cannot fill the memory.
  package static let pendingMax = 4096

  /// What remains to be written for an attempt, and who waits for it.
  private enum Entry {
    case startOver(Attempt)
    case epoch(EpochMetrics, Attempt)
    case end(Attempt, End, Waiter)
  }

  private enum End {
    case finish(JobOutcome, after: Duration)
    case requeue(Interruption)
  }

  /// Holds one answer for one waiting thread; the semaphore orders the write before the read.
  private final class Waiter: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    private var error: StoreError?

    func answer(_ error: StoreError?) {
      self.error = error
      done.signal()
    }

    func wait() -> StoreError? {
      done.wait()
      return error
    }
  }

  private struct State {
    var pending: [Entry] = []
    /// The latest checkpoints, to be written after the epochs that are pending.
    var checkpoints: [Attempt: SavedCheckpoint] = [:]
    /// Why nothing can be written any more.
    var failure: StoreError?
  }

  private let store: Store
  private let onFailure: @Sendable (StoreError) -> Void
  private let writer = DispatchQueue(label: "pairnet.recorder")
  private let room = DispatchSemaphore(value: Recorder.pendingMax)
  private let state = Mutex(State())

  /// - Parameter onFailure: called once, on the writer's thread, when a transaction fails; nothing is written afterwards.
  package init(store: Store, onFailure: @escaping @Sendable (StoreError) -> Void) {
    self.store = store
    self.onFailure = onFailure
  }

  /// Hands over an epoch of a running attempt. If the attempt has been superseded, the epoch is dropped.
  package func record(_ metrics: EpochMetrics, of attempt: Attempt) { append(.epoch(metrics, attempt)) }

  /// Hands over a checkpoint of a running attempt, which has handed over the epochs before it. It replaces one that has
  /// not been written yet, and is dropped if the attempt has been superseded.
  package func save(_ checkpoint: SavedCheckpoint, of attempt: Attempt) {
    drainSoon {
      $0.checkpoints[attempt] = checkpoint
    }
  }

  /// How many checkpoints wait to be written.
  var waitingCheckpoints: Int { state.withLock { $0.checkpoints.count } }

  /// Forgets the checkpoint and the epochs that a running attempt was to go on from; before it hands over anything.
  package func startOver(_ attempt: Attempt) { append(.startOver(attempt)) }

  private func append(_ entry: Entry) {
    room.wait()
    drainSoon { $0.pending.append(entry) }
  }

  private func drainSoon(_ add: (inout State) -> Void) {
    let isFirst = state.withLock { state in
      defer { add(&state) }
      return state.pending.isEmpty && state.checkpoints.isEmpty
    }
    // Later ones go with the first.
    if isFirst { writer.asyncAfter(deadline: .now() + Self.delay) { self.drain() } }
  }

  /// Ends an attempt after its recorded epochs, and returns when that is on disk.
  ///
  /// - Throws: `StoreError.superseded` if the job was cancelled meanwhile; any other error has gone to `onFailure`.
  package func finish(_ attempt: Attempt, with outcome: JobOutcome, after duration: Duration) throws(StoreError) {
    try end(attempt, .finish(outcome, after: duration))
  }

  /// Puts a stopped attempt's job back into the queue, or aside if it is paused, and returns when that is on disk.
  ///
  /// - Throws: as `finish`.
  package func requeue(_ attempt: Attempt, as interruption: Interruption = .stopped) throws(StoreError) {
    try end(attempt, .requeue(interruption))
  }

  /// Returns when everything handed over before is on disk, or refused.
  package func flush() { writer.sync { drain() } }

  private func end(_ attempt: Attempt, _ end: End) throws(StoreError) {
    let waiter = Waiter()
    room.wait()
    state.withLock { $0.pending.append(.end(attempt, end, waiter)) }
    writer.async { self.drain() }
    if let error = waiter.wait() { throw error }
  }

  private func drain() {
    let (entries, checkpoints, failure) = state.withLock { state in
      defer {
        state.pending.removeAll()
        state.checkpoints.removeAll()
      }
      return (state.pending, state.checkpoints, state.failure)
    }
    guard !entries.isEmpty || !checkpoints.isEmpty else { return }
    defer { for _ in entries { room.signal() } }
    guard failure == nil else { return answer(entries) { _ in failure } }
    do throws(StoreError) {
      let (superseded, saved) = try store.write(as: "record") { try Self.write(entries, checkpoints, to: $0) }
      store.meter.note(
        epochs: entries.count { if case .epoch(_, let attempt) = $0 { !superseded.contains(attempt) } else { false } },
        checkpoints: saved)
      answer(entries) { superseded.contains($0) ? .superseded($0) : nil }
    } catch {
      state.withLock { $0.failure = error }
      onFailure(error)
      answer(entries) { _ in error }
    }
  }

  private func answer(_ entries: [Entry], with error: (Attempt) -> StoreError?) {
    for case .end(let attempt, _, let waiter) in entries { waiter.answer(error(attempt)) }
  }

  /// - Returns: the attempts that could not write because they are not running any more, and how many bytes each
  ///   checkpoint has that was written.
  private static func write(
    _ entries: [Entry], _ checkpoints: [Attempt: SavedCheckpoint], to database: Database
  ) throws -> (superseded: Set<Attempt>, saved: [Int]) {
    var superseded: Set<Attempt> = []
    var saved: [Int] = []
    var checkpoints = checkpoints
    // An attempt's epochs in a row: only its own order matters.
    var epochs: [Attempt: [EpochMetrics]] = [:]
    func save(_ checkpoint: SavedCheckpoint, of attempt: Attempt) throws {
      try database.save(checkpoint, of: attempt)
      saved.append(checkpoint.state.count)
    }
    func attempt(_ write: () throws -> Void) throws {
      do { try write() } catch StoreError.superseded(let attempt) {
        // Thrown before anything of the entry is written: the others can stay in the transaction.
        superseded.insert(attempt)
      }
    }
    func writeEpochs(of attempt: Attempt) throws {
      if let epochs = epochs.removeValue(forKey: attempt) { try database.append(epochs, to: attempt) }
    }
    for entry in entries {
      try attempt {
        switch entry {
        case .startOver(let attempt): try database.startOver(attempt)
        case .epoch(let metrics, let attempt): epochs[attempt, default: []].append(metrics)
        case .end(let attempt, let end, _):
          try writeEpochs(of: attempt)
          let checkpoint = checkpoints.removeValue(forKey: attempt)
          switch end {
          // A job that ends needs none.
          case .finish(let outcome, let duration): try database.finish(attempt, with: outcome, after: duration)
          case .requeue(let interruption):
            if let checkpoint { try save(checkpoint, of: attempt) }
            try database.requeue(attempt, as: interruption)
          }
        }
      }
    }
    for owner in Array(epochs.keys) { try attempt { try writeEpochs(of: owner) } }
    for (owner, checkpoint) in checkpoints { try attempt { try save(checkpoint, of: owner) } }
    return (superseded, saved)
  }
}
