/// A job parameter that cannot be accepted.
package struct SpecError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The parameter's key, as in `batch_norm`.
  package var key: String
  /// What was given.
  package var value: String
  /// What may be given instead.
  package var allowed: String
  /// Whether the value is one that the key may have, but does not go with the rest of the request or with what there is.
  package var isUnfit: Bool

  package init(key: String, value: String, allowed: String, isUnfit: Bool = false) {
    // A key without characters is shown as its quotes, so that the message names it too.
    self.key = key.isEmpty ? "\"\"" : key
    self.value = value
    self.allowed = allowed
    self.isUnfit = isUnfit
  }

  package var description: String { "\(key): '\(value)' is not allowed; \(allowed)" }
}
