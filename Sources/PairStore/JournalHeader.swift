#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The first bytes of a write-ahead log, looked at before SQLite does.
///
/// SQLite takes a log whose header is wrong for an empty one, which is right after a crash in the middle of the header's
/// first write, and wrong for a log that was damaged: all transactions in it would be gone without a word. A header is
/// smaller than a sector, so that a crash leaves all zeros or a whole one.
///
/// - Source: sqlite.org/fileformat2.html, section 4.1, "WAL File Format", and 4.2, "Checksum Algorithm"
enum JournalHeader {
  private static let size = 32

  /// - Returns: what is wrong with the log at `path`, or nil if it may be opened or is not there.
  static func damage(at path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { Self.close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: size)
    guard pread(descriptor, &bytes, size, 0) == size, !bytes.allSatisfy({ $0 == 0 }) else { return nil }
    return isWhole(bytes) ? nil : "its header is damaged, and SQLite would ignore all that it holds"
  }

  /// Whether 32 bytes are a header: the magic number, and the checksum of the first 24 in the last 8.
  static func isWhole(_ bytes: [UInt8]) -> Bool {
    func word(_ index: Int, bigEndian: Bool = true) -> UInt32 {
      let four = bytes[(4 * index)..<(4 * index + 4)]
      return (bigEndian ? Array(four) : four.reversed()).reduce(0) { $0 << 8 | UInt32($1) }
    }
    let magic = word(0)
    guard magic & ~1 == 0x377F_0682 else { return false }
    // The last bit says in which byte order the checksum is computed; it is stored in big-endian order.
    let isBig = magic & 1 == 1
    var (first, second) = (UInt32(0), UInt32(0))
    for index in stride(from: 0, to: 6, by: 2) {
      first &+= word(index, bigEndian: isBig) &+ second
      second &+= word(index + 1, bigEndian: isBig) &+ first
    }
    return first == word(6) && second == word(7)
  }

  private static func close(_ descriptor: CInt) {
    #if canImport(Glibc)
      Glibc.close(descriptor)
    #else
      Musl.close(descriptor)
    #endif
  }
}
