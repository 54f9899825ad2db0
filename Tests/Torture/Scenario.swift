import Foundation

/// How much of a scenario to run, and from which seed.
package struct Run: Sendable {
  package var cycles: Int
  package var seed: UInt64
  package var universe: Universe
  package var report: Report
  /// When to end although cycles are left.
  package var deadline: ContinuousClock.Instant?

  package init(
    cycles: Int, seed: UInt64, universe: Universe, report: Report, deadline: ContinuousClock.Instant? = nil
  ) {
    self.cycles = cycles
    self.seed = seed
    self.universe = universe
    self.report = report
    self.deadline = deadline
  }

  var isOver: Bool { deadline.map { ContinuousClock.now > $0 } ?? false }
}

/// A way to disturb the daemon.
package enum Scenario: String, CaseIterable, Sendable {
  /// Kill -9 of a daemon reduced to its store, at random times and at crash points.
  case miniature
  /// Kill -9 of the real daemon at named crash points.
  case points
  /// Many users do everything the API lets them do, in random order, and the daemon is killed at random times.
  case users
  /// The N-th write, sync or truncation of the database's files fails.
  case disk
  /// The N-th sync takes seconds.
  case frozen
  /// Everything that was not synced is lost, or some of it.
  case power
  /// No room is left on the disk.
  case full

  package func perform(_ run: Run) throws {
    switch self {
    case .miniature: try Self.miniature(run)
    case .points: try Self.points(run)
    case .users: try Self.users(run)
    case .disk: try Self.disk(run)
    case .frozen: try Self.frozen(run)
    case .power: try Self.power(run)
    case .full: try Self.full(run)
    }
  }
}

extension Scenario {
  /// How many cycles it has for one of another: what is fast has more.
  package var weight: Double {
    switch self {
    case .miniature: 4
    case .points, .users, .disk, .power: 1
    case .frozen: 0.1
    case .full: 0.5
    }
  }
}
