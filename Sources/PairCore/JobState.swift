/// Where a job stands. Only this type decides which change of state is allowed.
///
/// ```
///             ┌────────────── reuse ───────────────┐
///             │                                    ▼
/// ┌───────► queued ─── claim ──► running ─ finish ─► succeeded
/// │          │  ▲ ◄── requeue ───┤ │ ├──── fail ───► failed ─────┐
/// │    pause │  │ resume         │ │ └─── diverge ─► diverged ───┤
/// │          ▼  │                │ │                             │
/// │         paused ◄─── pause ───┘ └────── cancel ─► cancelled ──┤
/// │                                                    ▲         │
/// │         queued, paused ────────────── cancel ──────┘         │
/// └──────────────────────────── retry ───────────────────────────┘
/// ```
package enum JobState: String, CaseIterable, Codable, Sendable {
  case queued, running, paused, succeeded, failed, diverged, cancelled

  /// A job in a terminal state stays as it is unless somebody retries it, and only such a job has a `finished_at`.
  package var isTerminal: Bool {
    switch self {
    case .queued, .running, .paused: false
    case .succeeded, .failed, .diverged, .cancelled: true
    }
  }

  /// Something that happens to a job.
  package enum Event: String, CaseIterable, Sendable {
    /// A worker takes the job.
    case claim
    /// The training ended; its result is known.
    case finish
    /// The training could not be done; the job says why.
    case fail
    /// The loss stopped being a finite number.
    case diverge
    /// Somebody asked for the job to be given up.
    case cancel
    /// The daemon stopped or died while the job ran, or its worker was needed for another: it goes back to the queue.
    case requeue
    /// Somebody asked for the job to wait until it is resumed.
    case pause
    /// A paused job goes back to the queue.
    case resume
    /// Somebody asked for a job that ended without a result to be tried again.
    case retry
    /// A job of the same digest has been trained already: its result is this one's too.
    case reuse
  }

  /// The state after `event`, or nil if the event cannot happen to a job in this state.
  package func after(_ event: Event) -> JobState? {
    switch (self, event) {
    case (.queued, .claim): .running
    case (.queued, .reuse): .succeeded
    case (.running, .finish): .succeeded
    case (.running, .fail): .failed
    case (.running, .diverge): .diverged
    case (.queued, .cancel), (.running, .cancel), (.paused, .cancel): .cancelled
    case (.running, .requeue): .queued
    case (.queued, .pause), (.running, .pause): .paused
    case (.paused, .resume): .queued
    case (.failed, .retry), (.diverged, .retry), (.cancelled, .retry): .queued
    default: nil
    }
  }
}
