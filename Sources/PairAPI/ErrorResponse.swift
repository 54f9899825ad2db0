import PairCore

/// The body of every answer that is not a success.
package struct ErrorResponse: Codable, Hashable, Sendable {
  /// A word to branch on.
  package var error: Code
  /// A sentence for a person.
  package var message: String
  /// What is wrong, where one thing is: a parameter, a field of the body or a name of the query.
  package var key: String?
  /// What was given for it.
  package var value: String?
  /// What may be given instead.
  package var allowed: String?

  package enum Code: String, Codable, CaseIterable, Sendable {
    case badRequest = "bad_request"
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case conflict
    case tooLarge = "too_large"
    case unsupportedMediaType = "unsupported_media_type"
    /// Each value is one that its key may have, but they do not go together, or not with what the daemon has.
    case unprocessable
    case headerTooLarge = "header_too_large"
    case unavailable
    case `internal`

    /// The HTTP status that goes with it.
    package var status: Int {
      switch self {
      case .badRequest: 400
      case .notFound: 404
      case .methodNotAllowed: 405
      case .conflict: 409
      case .tooLarge: 413
      case .unsupportedMediaType: 415
      case .unprocessable: 422
      case .headerTooLarge: 431
      case .internal: 500
      case .unavailable: 503
      }
    }
  }

  package init(error: Code, message: String, key: String? = nil, value: String? = nil, allowed: String? = nil) {
    self.error = error
    self.message = message
    self.key = key
    self.value = value
    self.allowed = allowed
  }

  /// A request that names something that is not allowed.
  package init(_ error: SpecError) {
    self.init(
      error: error.isUnfit ? .unprocessable : .badRequest, message: error.description, key: error.key,
      value: error.value, allowed: error.allowed)
  }
}
