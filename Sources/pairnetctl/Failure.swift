import PairCore

/// What the program's exit status means.
enum ExitStatus: Int32 {
  case success = 0
  /// Something asked for failed.
  case failed = 1
  /// The command line or a value in it is wrong.
  case usage = 2
  /// What was to be checked could not be.
  case unchecked = 3
  /// No daemon answers.
  case unreachable = 7
  /// Ctrl-C: 128 + SIGINT.
  case interrupted = 130
}

/// Why a command ends early: a sentence for a person and the exit status for a script.
struct Failure: Error, Hashable, CustomStringConvertible {
  var status: ExitStatus
  /// Without a final newline; empty if everything has been said.
  var message: String

  init(_ status: ExitStatus, _ message: String = "") {
    self.status = status
    self.message = message
  }

  var description: String { message }
}

extension Failure {
  /// A parameter on the command line that cannot be accepted, named as the option that sets it.
  init(_ error: SpecError) {
    let name = Self.isOption(error.key) ? "--\(error.key.kebabCased)" : error.key
    self.init(.usage, "\(name): '\(error.value)' is not allowed; \(error.allowed)")
  }

  /// Whether a key of the API is an option of the same name here.
  static func isOption(_ key: String) -> Bool {
    Parameter.named(key) != nil || ["name", "after", "runs"].contains(key)
  }
}

extension String {
  /// `batch_norm` as an option writes it: `batch-norm`.
  var kebabCased: String { String(map { $0 == "_" ? "-" : $0 }) }
}
