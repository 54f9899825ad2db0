/// Bytes that come in order, from memory or out of a decompressor.
protocol ByteSource: ~Copyable {
  /// Appends the next `count` bytes to `bytes`; fewer only if the source ends.
  ///
  /// Memory grows with what is really there, never with what is asked for.
  mutating func read(_ count: Int, appendingTo bytes: inout [UInt8]) throws(IDXError)
}

/// Bytes as they are.
struct PlainSource: ByteSource {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  mutating func read(_ count: Int, appendingTo bytes: inout [UInt8]) {
    bytes.append(contentsOf: rest.prefix(count))
    rest = rest.dropFirst(count)
  }
}
