import PairNN
import PairServer
import PairStore

/// Why the daemon ended, in the numbers of sysexits(3). The unit does not restart it for those that a person must mend.
enum ExitStatus: Int32, CaseIterable, Sendable {
  /// The command line is wrong.
  case usage = 64
  /// The database is damaged, or a newer program wrote it.
  case dataError = 65
  /// Something went wrong that nobody foresaw.
  case software = 70
  /// The state directory, the database or the socket cannot be made or used.
  case cannotCreate = 73
  /// The disk is full, or it failed while something was to be recorded.
  case ioError = 74
  /// Another daemon owns the state directory or answers on the socket; later it may not.
  case temporaryFailure = 75
  /// The configuration file or the environment is wrong.
  case configuration = 78

  init(_ error: any Error) {
    switch error {
    case let error as ConfigurationError: self = error.isUsage ? .usage : .configuration
    case is InstructionSetError: self = .configuration
    case let error as ListenError:
      switch error.kind {
      case .inUse: self = .temporaryFailure
      case .cannotCreate: self = .cannotCreate
      case .inheritedUnusable: self = .configuration
      }
    case let error as StoreError:
      switch error {
      case .locked: self = .temporaryFailure
      case .inaccessible: self = .cannotCreate
      case .newer, .corrupt: self = .dataError
      case .diskFull, .ioError, .failed: self = .ioError
      case .superseded, .refusedName, .refused, .busy: self = .software
      }
    default: self = .software
    }
  }

  var meaning: String {
    switch self {
    case .usage: "the command line is wrong"
    case .dataError: "the database is damaged, or a newer pairnetd wrote it"
    case .software: "an internal error"
    case .cannotCreate: "the state directory, the database or the socket cannot be made or used"
    case .ioError: "the disk is full or failed; what was not recorded is done again after the next start"
    case .temporaryFailure: "another daemon owns the state directory or the socket"
    case .configuration: "the configuration file or the environment is wrong"
    }
  }
}
