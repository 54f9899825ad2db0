/// Where a job stands. Only this type decides which change of state is allowed.
///
/// ```
/// queued ── claim ──► running ── finish ──► succeeded
///   ▲ │                │ │ └── fail ──────► failed
///   │ │                │ └── diverge ─────► diverged
///   │ └── cancel ──┐   └── cancel ────────► cancelled
///   └── requeue ───┼── running               ▲
///                  └─────────────────────────┘
/// ```
package enum JobState: String, CaseIterable, Codable, Sendable {
  case queued, running, succeeded, failed, diverged, cancelled

  /// A job in a terminal state never changes again, and only such a job has a `finished_at`.
  package var isTerminal: Bool {
    switch self {
    case .queued, .running: false
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
    /// The daemon stopped, or died, while the job ran: it goes back to the queue.
    case requeue
  }

  /// The state after `event`, or nil if the event cannot happen to a job in this state.
  package func after(_ event: Event) -> JobState? {
    switch (self, event) {
    case (.queued, .claim): .running
    case (.running, .finish): .succeeded
    case (.running, .fail): .failed
    case (.running, .diverge): .diverged
    case (.queued, .cancel), (.running, .cancel): .cancelled
    case (.running, .requeue): .queued
    default: nil
    }
  }
}
