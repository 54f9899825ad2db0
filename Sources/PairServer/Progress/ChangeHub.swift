import Synchronization

/// Lets requests wait until something changes in a study, without asking the database meanwhile.
///
/// A version is a text that differs whenever something may have changed: it begins with a number that is this run of
/// the daemon's own, so that a version from before a restart never looks current.
package final class ChangeHub: Sendable {
  private struct State {
    /// Counts every change of anything, so that no version comes twice.
    var clock: UInt64 = 0
    /// For a study, the clock at its latest change, if that was after `pruned`.
    var changes: [Int64: UInt64] = [:]
    /// The clock when `changes` was emptied, which counts as a change of every study.
    var pruned: UInt64 = 0
    var waiters: [Int64: [UInt64: CheckedContinuation<Void, Never>]] = [:]
    var nextWaiter: UInt64 = 0
    var isClosed = false

    /// Rises whenever jobs of the study change.
    func count(_ study: Int64) -> UInt64 { changes[study] ?? pruned }

    /// - Returns: everybody who waits.
    mutating func changeAll() -> [CheckedContinuation<Void, Never>] {
      clock += 1
      pruned = clock
      changes = [:]
      defer { waiters = [:] }
      return waiters.values.flatMap(\.values)
    }
  }
  private let state = Mutex(State())
  /// How many studies are told apart; beyond it all of them count as changed once, and their waiters ask again.
  package static let studiesMax = 1_000
  private let run = String(UInt64.random(in: .min ... .max), radix: 36)

  package init() {}

  /// The study's version now. Read it before the study, so that a change in between shows as one.
  package func version(of study: Int64) -> String {
    "\(run).\(state.withLock { $0.count(study) })"
  }

  /// Wakes everybody who waits for the study.
  package func noteChange(of study: Int64) {
    let waiters: [CheckedContinuation<Void, Never>] = state.withLock { state in
      guard state.changes[study] != nil || state.changes.count < Self.studiesMax else { return state.changeAll() }
      state.clock += 1
      state.changes[study] = state.clock
      return state.waiters.removeValue(forKey: study).map { Array($0.values) } ?? []
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Wakes everybody: jobs of any study may have changed.
  package func noteChangeOfAll() {
    for waiter in state.withLock({ $0.changeAll() }) { waiter.resume() }
  }

  /// Wakes everybody, and lets nobody wait any more: the daemon stops.
  package func close() {
    let waiters = state.withLock { state in
      state.isClosed = true
      defer { state.waiters = [:] }
      return state.waiters.values.flatMap(\.values)
    }
    for waiter in waiters { waiter.resume() }
  }

  package var isClosed: Bool { state.withLock { $0.isClosed } }

  /// How many studies are remembered.
  package var studyCount: Int { state.withLock { $0.changes.count } }

  /// How many requests wait.
  package var waiterCount: Int { state.withLock { $0.waiters.values.reduce(0) { $0 + $1.count } } }

  /// Returns when the study's version is not `version`, when the hub is closed, or at the deadline.
  package func waitForChange(
    of study: Int64, since version: String, until deadline: ContinuousClock.Instant
  ) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.waitForChange(of: study, since: version) }
      // Cancellation ends the sleep early, which is what is wanted of it.
      group.addTask { try? await Task.sleep(until: deadline, clock: .continuous) }
      await group.next()
      group.cancelAll()
    }
  }

  private func waitForChange(of study: Int64, since version: String) async {
    let id = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let waits = state.withLock { state in
          // `onCancel` may have run already and will not run again, so cancellation is asked for under the lock.
          guard !state.isClosed, !Task.isCancelled, "\(run).\(state.count(study))" == version else {
            return false
          }
          state.waiters[study, default: [:]][id] = continuation
          return true
        }
        if !waits { continuation.resume() }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        let waiter = state.waiters[study]?.removeValue(forKey: id)
        if state.waiters[study]?.isEmpty == true { state.waiters[study] = nil }
        return waiter
      }
      waiter?.resume()
    }
  }
}
