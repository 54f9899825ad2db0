import PairCore

/// What `cancel` did.
package struct Cancellation: Hashable, Sendable {
  /// The jobs that were queued or running and now are cancelled, in the order of their ids.
  package var jobs: [Int64]
  /// Those that ran, with the attempts that must be told to stop; whatever these still write is refused.
  package var running: [Attempt]
}

extension Store {
  /// Cancels every queued or running job that the filter matches, and leaves those that ended as they are.
  ///
  /// Use `Scheduler.cancel`, which also stops the workers.
  package func cancel(_ filter: JobFilter, because reason: String) throws(StoreError) -> Cancellation {
    fatalError("to be written")
  }
}
