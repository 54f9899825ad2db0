/// The data of an IDX file: `count` items of unsigned bytes, all of one shape.
///
/// An IDX file is a magic number (00 00, the type of its values, the number of its dimensions), each dimension as a
/// big-endian 32-bit integer, then the values. Every byte is accounted for: what is missing, left over or of another
/// type or shape is an error, and never memory beyond `maxCount` items, whatever the header or the compression claims.
///
/// - Source: LeCun, Cortes & Burges, "The MNIST database", section "File formats"
package struct IDXFile: Hashable, Sendable {
  /// The most items that are read: four times MNIST's, and 235 MB of images.
  package static let defaultMaxCount = 300_000

  package let count: Int
  /// (N, item shape)
  package let values: [UInt8]

  /// Reads a whole file, plain or compressed by gzip, as its first bytes tell.
  ///
  /// - Parameters:
  ///   - itemShape: the dimensions after the first: `[28, 28]` for images, none for labels.
  ///   - maxCount: the most items that are accepted.
  /// - Throws: `IDXError` saying what is wrong with the bytes.
  package init(
    decoding bytes: [UInt8], itemShape: [Int], maxCount: Int = IDXFile.defaultMaxCount
  ) throws(IDXError) {
    guard !bytes.isEmpty else { throw IDXError("is empty") }
    if GzipSource.recognises(bytes) {
      var source = try GzipSource(bytes)
      try self.init(from: &source, itemShape: itemShape, maxCount: maxCount)
    } else {
      var source = PlainSource(bytes)
      try self.init(from: &source, itemShape: itemShape, maxCount: maxCount)
    }
  }

  /// The most bytes that a file of `maxCount` items can have, compressed or not: what cannot be compressed grows by
  /// five bytes a block.
  package static func maxByteCount(itemShape: [Int], maxCount: Int = IDXFile.defaultMaxCount) -> Int {
    let plain = maxCount * itemShape.reduce(1, *) + 64
    return plain + plain / 64 + 4_096
  }

  private init(
    from source: inout some ByteSource & ~Copyable, itemShape: [Int], maxCount: Int
  ) throws(IDXError) {
    count = try Self.readHeader(from: &source, itemShape: itemShape, maxCount: maxCount)
    let expected = count * itemShape.reduce(1, *)
    var values: [UInt8] = []
    try source.read(expected, appendingTo: &values)
    guard values.count == expected else {
      throw IDXError("is truncated: its header promises \(expected) bytes of data, and \(values.count) are there")
    }
    var rest: [UInt8] = []
    try source.read(1, appendingTo: &rest)
    guard rest.isEmpty else {
      throw IDXError("does not end after the \(expected) bytes of data that its header promises")
    }
    self.values = values
  }

  /// Reads the magic number and the dimensions, and gives the number of items.
  private static func readHeader(
    from source: inout some ByteSource & ~Copyable, itemShape: [Int], maxCount: Int
  ) throws(IDXError) -> Int {
    var magic: [UInt8] = []
    try source.read(4, appendingTo: &magic)
    guard magic.count == 4, magic[0] == 0, magic[1] == 0 else {
      throw IDXError("is not an IDX file: it begins with \(hexadecimal(magic)), not with 00 00")
    }
    guard magic[2] == 0x08 else {
      throw IDXError("holds values of type \(hexadecimal([magic[2]])); only unsigned bytes, type 08, are read")
    }
    let rank = itemShape.count + 1
    guard magic[3] == rank else {
      throw IDXError("has \(magic[3]) \(magic[3] == 1 ? "dimension" : "dimensions"), not \(rank)")
    }
    var header: [UInt8] = []
    try source.read(4 * rank, appendingTo: &header)
    guard header.count == 4 * rank else { throw IDXError("is truncated: it ends within the header") }
    let dimensions = (0..<rank).map { index in
      header[4 * index..<4 * index + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    guard Array(dimensions.dropFirst()) == itemShape else {
      throw IDXError("holds items of \(product(dimensions.dropFirst())), not of \(product(itemShape[...]))")
    }
    guard dimensions[0] > 0 else { throw IDXError("holds no items") }
    guard dimensions[0] <= maxCount else {
      throw IDXError("promises \(dimensions[0]) items; at most \(maxCount) are read")
    }
    return dimensions[0]
  }

  private static func product(_ dimensions: ArraySlice<Int>) -> String {
    dimensions.map(String.init).joined(separator: "x")
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}

/// What is wrong with the bytes of an IDX file, as the end of a sentence that begins with its name.
package struct IDXError: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
