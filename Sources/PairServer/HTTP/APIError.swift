import Hummingbird
import NIOCore
import PairAPI
import PairCore
import PairStore
import PairTraining

/// An answer that is not a success.
struct APIError: Error, Sendable {
  var answer: ErrorResponse
  var headers: HTTPFields

  init(answer: ErrorResponse, headers: HTTPFields = [:]) {
    self.answer = answer
    self.headers = headers
  }

  static func notFound(_ message: String) -> APIError {
    APIError(answer: ErrorResponse(error: .notFound, message: message))
  }

  /// What `error` says to the client. What only the log should know is left out.
  init(_ error: any Error) {
    switch error {
    case let error as APIError: self = error
    case let error as SpecError: self.init(answer: ErrorResponse(error))
    case let error as DatasetError: self.init(answer: ErrorResponse(error))
    case let error as StoreError: self.init(answer: ErrorResponse(error))
    case is NIOTooManyBytesError:
      self.init(
        answer: ErrorResponse(error: .tooLarge, message: "a request's body has at most \(Limits.bodyBytesMax) bytes"))
    case let error as HTTPError where error.status == .notFound:
      self.init(answer: ErrorResponse(error: .notFound, message: "there is nothing at this path"))
    case let error as HTTPError where error.status.kind == .clientError:
      self.init(answer: ErrorResponse(error: .badRequest, message: error.body ?? error.status.reasonPhrase))
    default:
      self.init(answer: ErrorResponse(error: .internal, message: "pairnetd could not do this; its log says why"))
    }
  }
}

extension ErrorResponse {
  init(_ error: DatasetError) {
    switch error {
    case .missing(let name, let advice):
      self.init(
        error: .unprocessable, message: error.description, key: Parameter.dataset.key, value: name, allowed: advice)
    case .unusable:
      self.init(error: .unavailable, message: error.description, key: Parameter.dataset.key)
    case .unsuited(let error):
      self.init(error)
    }
  }

  init(_ error: StoreError) {
    switch error {
    case .refusedName(let name, let reason):
      self.init(error: .conflict, message: error.description, key: "name", value: name, allowed: reason)
    case .refused(let error):
      self.init(error)
    case .superseded:
      self.init(error: .conflict, message: error.description)
    case .diskFull, .ioError, .busy:
      self.init(error: .unavailable, message: error.description)
    case .locked, .inaccessible, .newer, .corrupt, .failed:
      self.init(error: .internal, message: error.description)
    }
  }
}
