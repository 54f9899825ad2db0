import PairCore

/// A dataset that a job asks for and cannot have.
package enum DatasetError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Nothing of that name is there; placing files mends it.
  case missing(name: String, advice: String)
  /// A file is there and cannot be read or is not what it should be.
  case unusable(path: String, reason: String)
  /// The dataset is sound, but cannot give what the spec asks for.
  case unsuited(SpecError)

  package var description: String {
    switch self {
    case .missing(let name, let advice): "dataset '\(name)' is not there: \(advice)"
    case .unusable(let path, let reason): "\(path): \(reason)"
    case .unsuited(let error): error.description
    }
  }
}
