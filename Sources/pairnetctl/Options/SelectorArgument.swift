import ArgumentParser
import PairCore

/// A `Selector` on the command line.
struct SelectorArgument: ExpressibleByArgument, Hashable {
  static let help = """
    Conditions in one text, as in model=BaseNet,seed=1-5,state=failed. Keys: the job parameters, study, label, state, priority, job. \
    An item without '=' continues the list before it.
    """

  let text: String

  init?(argument: String) { text = argument }

  /// What to call the jobs in a sentence: a model needs no key before it.
  var name: String { text.hasPrefix("model=") ? String(text.dropFirst("model=".count)) : text }

  /// The conditions; a study's name is looked up in the daemon.
  ///
  /// - Parameter option: where the text stands, for the message: `--where`, or the command's own word.
  func filter(of option: String, _ client: DaemonClient) throws(Failure) -> JobFilter {
    let selector = try selector(of: option)
    var filter = selector.filter
    if let study = selector.studyName ?? filter.study.map({ String($0) }) {
      filter.study = try StudyName.id(of: study, client)
    }
    return filter
  }

  func selector(of option: String) throws(Failure) -> Selector {
    do { return try Selector(parsing: text) } catch { throw Failure(.usage, "\(option): \(error)") }
  }
}
