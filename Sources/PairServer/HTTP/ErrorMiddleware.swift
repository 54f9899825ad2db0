import Hummingbird
import Logging
import PairAPI

/// Turns whatever a handler throws into an `ErrorResponse`, and logs what is the daemon's own fault.
struct ErrorMiddleware: RouterMiddleware {
  func handle(
    _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as CancellationError {
      // The client has gone, or the daemon ends: there is nobody to answer.
      throw error
    } catch {
      let answer = APIError(error)
      if answer.answer.error == .internal || answer.answer.error == .unavailable {
        context.logger.error("\(request.method.rawValue) \(request.uri.path): \(error)")
      } else {
        context.logger.debug("\(request.method.rawValue) \(request.uri.path): \(answer.answer.message)")
      }
      return try .json(
        answer.answer, status: HTTPResponse.Status(code: answer.answer.error.status), headers: answer.headers)
    }
  }
}

extension Response {
  /// An answer with a JSON body.
  static func json(
    _ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
  ) throws -> Response {
    var headers = headers
    headers[.contentType] = "application/json; charset=utf-8"
    headers[.cacheControl] = "no-store"
    return Response(
      status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: try JSON.encode(value))))
  }
}

extension Request {
  /// The body, which must be JSON of a `Value`.
  ///
  /// - Throws: `APIError` 415 for another content type (none is as good as JSON), `NIOTooManyBytesError` beyond the limit,
  ///   `SpecError` naming what is wrong.
  func decode<Value: Decodable>(_ type: Value.Type) async throws -> Value {
    try checkContentType()
    let buffer = try await body.collect(upTo: Limits.bodyBytesMax)
    return try JSON.decode(type, from: Array(buffer.readableBytesView))
  }

  private func checkContentType() throws {
    guard let field = headers[.contentType] else { return }
    let parts = field.lowercased().split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" && $0 != "\"" } }
    guard parts.first == "application/json", parts.dropFirst().allSatisfy({ $0 == "charset=utf-8" }) else {
      throw APIError(
        answer: ErrorResponse(
          error: .unsupportedMediaType, message: "a body of type '\(field)' is not read; give application/json",
          key: "content-type", value: field, allowed: "application/json"),
        headers: [.init("Accept-Post")!: "application/json"])
    }
  }
}
