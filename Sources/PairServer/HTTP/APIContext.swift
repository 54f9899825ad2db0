import Hummingbird
import Logging
import NIOCore

/// What a route's handler knows of its request beside the request itself.
package struct APIContext: RequestContext {
  package var coreContext: CoreRequestContextStorage
  /// The connection; nil where a test calls the router without one.
  let channel: (any Channel)?

  package init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }

  /// A context without a connection.
  package init(logger: Logger) {
    struct Source: RequestContextSource { let logger: Logger }
    coreContext = CoreRequestContextStorage(source: Source(logger: logger))
    channel = nil
  }

  /// The id that stands in the path under `name`.
  ///
  /// - Throws: `APIError` 404 if it is no number: there is nothing at such a path.
  func id(_ name: String) throws(APIError) -> Int64 {
    let text = parameters.get(name) ?? ""
    guard let id = Int64(text), id > 0 else { throw .notFound("there is no \(name) '\(text)'") }
    return id
  }

  /// Who sent the request, for the log.
  func sender() async -> String {
    guard let credentials = try? await channel?.peerCredentials() else { return "an unknown user" }
    return "user \(credentials.uid)"
  }
}
