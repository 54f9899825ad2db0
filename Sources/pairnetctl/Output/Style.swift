import PairCore

/// How a cell looks on a terminal with colours (ECMA-48 SGR).
enum Style: String, Hashable {
  case plain = ""
  case bold = "1"
  case dim = "2"
  case good = "32"
  case bad = "31"
  case warning = "33"
  case active = "36"

  func applied(to text: String) -> String {
    self == .plain || text.isEmpty ? text : "\u{1B}[\(rawValue)m\(text)\u{1B}[0m"
  }

  init(of state: JobState) {
    self =
      switch state {
      case .queued: .dim
      case .running: .active
      case .succeeded: .good
      case .failed: .bad
      case .paused, .diverged, .cancelled: .warning
      }
  }
}
