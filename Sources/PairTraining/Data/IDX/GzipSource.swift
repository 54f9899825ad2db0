import CZlib

/// The bytes that a gzip file holds, decompressed as they are asked for.
///
/// A file may be several gzip members one after the other (RFC 1952, section 2.2); zlib checks the length and the
/// checksum of each when it ends. Anything else after a member is an error.
struct GzipSource: ByteSource, ~Copyable {
  /// The stream and its buffers lie at fixed addresses: zlib keeps a pointer back to the stream.
  private let stream: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutableBufferPointer<UInt8>
  private let output: UnsafeMutableBufferPointer<UInt8>
  private let bytes: [UInt8]
  private var consumed = 0
  private var memberEnded = false

  /// 64 KiB: several times deflate's window of 32 KiB, and small beside any dataset.
  private static let bufferSize = 65_536

  static func recognises(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

  init(_ bytes: [UInt8]) throws(IDXError) {
    self.bytes = bytes
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    input = .allocate(capacity: Self.bufferSize)
    output = .allocate(capacity: Self.bufferSize)
    // 15 bits of window, + 16: a gzip header and trailer, nothing else.
    let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw IDXError("cannot be decompressed: zlib gives status \(status)") }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
    output.deallocate()
  }

  mutating func read(_ count: Int, appendingTo bytes: inout [UInt8]) throws(IDXError) {
    var missing = count
    while missing > 0 {
      let produced = try inflateSome(atMost: min(missing, Self.bufferSize))
      guard produced > 0 else { return }
      bytes.append(contentsOf: UnsafeMutableBufferPointer(rebasing: output[..<produced]))
      missing -= produced
    }
  }

  /// Decompresses 1 to `limit` bytes into `output`, or 0 at the end of the last member.
  private mutating func inflateSome(atMost limit: Int) throws(IDXError) -> Int {
    stream.pointee.next_out = output.baseAddress
    stream.pointee.avail_out = UInt32(limit)
    while stream.pointee.avail_out == limit {
      if memberEnded {
        guard try beginNextMember() else { return 0 }
      }
      refill()
      switch inflate(stream, Z_NO_FLUSH) {
      case Z_OK: break
      case Z_STREAM_END: memberEnded = true
      case Z_BUF_ERROR: throw IDXError("is truncated: its gzip data ends early")
      case let status:
        let message = stream.pointee.msg.map { String(cString: $0) } ?? "zlib gives status \(status)"
        throw IDXError("is damaged: its gzip data cannot be decompressed (\(message))")
      }
    }
    return limit - Int(stream.pointee.avail_out)
  }

  private mutating func refill() {
    guard stream.pointee.avail_in == 0 else { return }
    let chunk = bytes[consumed..<min(consumed + Self.bufferSize, bytes.count)]
    _ = input.update(fromContentsOf: chunk)
    consumed += chunk.count
    stream.pointee.next_in = input.baseAddress
    stream.pointee.avail_in = UInt32(chunk.count)
  }

  /// - Returns: false if nothing follows.
  private mutating func beginNextMember() throws(IDXError) -> Bool {
    refill()
    guard stream.pointee.avail_in > 0 else { return false }
    guard inflateReset(stream) == Z_OK, stream.pointee.next_in.pointee == 0x1f else {
      throw IDXError("is damaged: something other than gzip data follows its gzip data")
    }
    memberEnded = false
    return true
  }
}
