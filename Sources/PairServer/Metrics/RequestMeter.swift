import Synchronization

/// What the API has answered since the daemon started.
package final class RequestMeter: Sendable {
  struct Reading: Hashable, Sendable {
    struct Answer: Hashable, Sendable {
      var method: String
      var status: Int
    }
    /// Requests that were answered.
    var answers: [Answer: Int] = [:]
    /// Connections that were refused because too many were open.
    var refused = 0
  }

  private let state = Mutex(Reading())

  package init() {}

  var reading: Reading { state.withLock { $0 } }

  /// - Parameter method: one that the HTTP parser knows, so that a client cannot make labels without end.
  func note(method: String, status: Int) {
    state.withLock { $0.answers[.init(method: method, status: status), default: 0] += 1 }
  }

  func noteRefusal() { state.withLock { $0.refused += 1 } }
}
