import GRDB
import PairCore

/// Why the store could not do what was asked.
///
/// The first group keeps a daemon from starting; the second is for the caller of one method; the third means that the
/// disk or the file gave way while the store was in use.
package enum StoreError: Error, Hashable, Sendable {
  /// Another process owns the state directory; `pid` is nil if it has not said who it is.
  case locked(directory: String, pid: Int32?)
  /// The directory or a file in it is missing or may not be used so.
  case inaccessible(path: String, reason: String)
  /// The database was written by a later version of the program.
  case newer(path: String, schema: Int, known: Int)

  /// The attempt is not the running one of its job: the job was cancelled, or has been taken again since.
  case superseded(Attempt)
  /// The study's name is in use, or is of those that the daemon gives.
  case refusedName(String, reason: String)
  /// A value that is not allowed, such as a filter's.
  case refused(SpecError)
  /// Too much of this is going on already; later it may be possible.
  case busy(String)

  /// The file is not a database of this program, or it is damaged.
  case corrupt(path: String, reason: String)
  /// There is no room on the disk; what was asked for has not happened.
  case diskFull(path: String)
  /// The disk failed while something was read or written; whether the latter was kept shows after a restart.
  case ioError(path: String, reason: String)
  /// SQLite refused for another reason, which it names.
  case failed(path: String, reason: String)
}

extension StoreError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .locked(let directory, let pid?):
      "\(directory) is in use by the daemon with process id \(pid): stop it, or choose another state directory"
    case .locked(let directory, nil):
      "\(directory) is in use by another daemon: stop it, or choose another state directory"
    case .inaccessible(let path, let reason):
      "\(path): \(reason)"
    case .newer(let path, let schema, let known):
      "\(path) has schema \(schema), and this program knows schemas up to \(known): use the newer program that wrote it"
    case .superseded(let attempt):
      "attempt \(attempt.number) of job \(attempt.job) is no longer the running one"
    case .refusedName(let name, let reason):
      "study name '\(name)': \(reason)"
    case .refused(let error):
      error.description
    case .busy(let reason):
      reason
    case .corrupt(let path, let reason):
      "\(path) is damaged or no database of pairnet: \(reason)"
    case .diskFull(let path):
      "there is no room left on the disk of \(path): nothing was written"
    case .ioError(let path, let reason):
      "\(path): the disk failed (\(reason)); pairnetd ends. Look into the kernel's log, start it again, and see whether "
        + "it has your latest request before you repeat it"
    case .failed(let path, let reason):
      "\(path): \(reason)"
    }
  }
}

extension StoreError {
  /// Whether the store cannot be trusted to write any more. A full disk is none: what found no room was not begun.
  var isFatal: Bool {
    switch self {
    case .ioError, .corrupt: true
    default: false
    }
  }

  /// What `error`, thrown by GRDB or by the store's own code within a transaction, means for the database at `path`.
  init(_ error: any Error, at path: String) {
    switch error {
    case let error as StoreError:
      self = error
    case let error as DatabaseError:
      switch error.resultCode {
      case .SQLITE_CORRUPT, .SQLITE_NOTADB:
        self = .corrupt(path: path, reason: error.message ?? error.resultCode.description)
      case .SQLITE_FULL:
        self = .diskFull(path: path)
      case .SQLITE_IOERR:
        self = .ioError(path: path, reason: error.description)
      case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
        self = .inaccessible(path: path, reason: error.message ?? error.resultCode.description)
      default:
        self = .failed(path: path, reason: error.description)
      }
    default:
      self = .failed(path: path, reason: String(describing: error))
    }
  }
}
