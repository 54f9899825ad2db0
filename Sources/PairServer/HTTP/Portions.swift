import Hummingbird
import NIOCore
import PairAPI

/// A list that is read a portion at a time, so that a long answer takes no more memory than a short one.
struct Portions<Element: Encodable & Sendable>: Sendable {
  /// Elements that are read and encoded at a time.
  static var size: Int { 200 }

  /// How many elements are wanted in all.
  var limit: Int
  /// The portion of at most `count` elements that follows `last`; a shorter one is the end.
  var next: @Sendable (_ last: Element?, _ count: Int) async throws -> [Element]
}

extension Response {
  /// `{"NAME":[...]}`. What is wrong with the request is thrown before anything is sent.
  static func jsonList<Element>(_ name: String, _ portions: Portions<Element>) async throws -> Response {
    let first = try await portions.next(nil, min(portions.limit, Portions<Element>.size))
    if first.count < Portions<Element>.size || first.count == portions.limit { return try .json([name: first]) }
    return Response(
      status: .ok, headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody { writer in
        var portion = first
        var left = portions.limit
        var text = Array("{\"\(name)\":[".utf8)
        while true {
          for (index, element) in portion.enumerated() {
            if index > 0 || left < portions.limit { text.append(UInt8(ascii: ",")) }
            text += try JSON.encode(element)
          }
          left -= portion.count
          guard portion.count == Portions<Element>.size, left > 0 else { break }
          try await writer.write(ByteBuffer(bytes: text))
          text.removeAll(keepingCapacity: true)
          portion = try await portions.next(portion.last, min(left, Portions<Element>.size))
        }
        text += Array("]}".utf8)
        try await writer.write(ByteBuffer(bytes: text))
        try await writer.finish(nil)
      })
  }
}
