/// A job parameter that cannot be accepted.
package struct SpecError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The parameter's key, as in `batch_norm`.
  package var key: String
  /// What was given.
  package var value: String
  /// What may be given instead.
  package var allowed: String

  package init(key: String, value: String, allowed: String) {
    self.key = key
    self.value = value
    self.allowed = allowed
  }

  package var description: String { "\(key): '\(value)' is not allowed; \(allowed)" }
}
