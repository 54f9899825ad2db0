import Dispatch
import PairStore
import Synchronization

/// Why a running job is to stop at its next step. Of several reasons the last in this order counts.
enum StopReason: Int, CaseIterable, Sendable {
  /// Its worker is needed for a more urgent job.
  case preempt = 1
  /// The daemon stops, or the queue was paused.
  case stop
  /// Somebody paused the job.
  case pause
  /// It has trained for as long as it may.
  case timeLimit
  /// Somebody cancelled the job, which the store knows already.
  case cancel

  /// How an attempt ends that was stopped for this reason and can go on later; nil if it cannot.
  var interruption: Interruption? {
    switch self {
    case .preempt: .preempted
    case .stop: .stopped
    case .pause: .paused
    case .timeLimit, .cancel: nil
    }
  }
}

/// Asks one running job to stop, and tells when its worker has left it; read at every step of the training.
final class StopSignal: Sendable {
  private let raised = Atomic(0)
  private let ended = DispatchGroup()

  init() { ended.enter() }

  /// Why the job is to stop; nil if it is not.
  var reason: StopReason? { StopReason(rawValue: raised.load(ordering: .relaxed)) }

  func raise(_ reason: StopReason) { raised.max(reason.rawValue, ordering: .relaxed) }

  /// To be called once, when the end is recorded.
  func end() { ended.leave() }

  /// Returns when the worker has left the job. Blocks the thread.
  func wait() { ended.wait() }
}
