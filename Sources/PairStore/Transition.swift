import PairCore

/// An event, with the states in which it can happen, as SQL needs them: all taken from `JobState`.
///
/// For the store's SQL an event must lead to one state, whichever it starts from.
struct Transition {
  let sources: [JobState]
  let target: JobState

  init(_ event: JobState.Event) {
    sources = JobState.allCases.filter { $0.after(event) != nil }
    let targets = Set(sources.compactMap { $0.after(event) })
    precondition(targets.count == 1, "\(event) leads to one state")
    target = targets.first!
  }

  /// The sources as an SQL list of literals; the names of states are plain words.
  var sourceList: String { "(\(sources.map { "'\($0.rawValue)'" }.joined(separator: ", ")))" }

  static let claim = Transition(.claim)
  static let cancel = Transition(.cancel)
  static let fail = Transition(.fail)
  static let requeue = Transition(.requeue)
  static let pause = Transition(.pause)
  static let resume = Transition(.resume)
  static let retry = Transition(.retry)
  static let reuse = Transition(.reuse)
}
