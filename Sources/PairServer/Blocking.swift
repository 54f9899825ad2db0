import Dispatch

/// Threads for work that blocks or takes long, so that the cooperative pool never does.
package enum Blocking {
  package static let queue = DispatchQueue(label: "pairnet.blocking", attributes: .concurrent)

  /// Runs `work` on a Dispatch thread and returns what it does.
  ///
  /// - Parameter queue: by default one that runs any number at a time; in a serial one, what waits holds no thread.
  package static func run<Value: Sendable>(
    on queue: DispatchQueue = queue, _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try work() }) }
    }
  }
}
