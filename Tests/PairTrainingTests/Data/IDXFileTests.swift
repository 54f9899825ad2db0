import Foundation
import FuzzTesting
import PairNN
import PairTraining
import Testing

@Suite("IDX files")
struct IDXFileTests {
  static let images = idxBytes([2, 3, 2], Array(1...12))
  static let labels = idxBytes([3], [7, 0, 9])

  @Test("Images and labels are read, plain or compressed")
  func readsFiles() throws {
    for bytes in [Self.images, try gzipped(Self.images)] {
      let file = try IDXFile(decoding: bytes, itemShape: [3, 2])
      #expect(file.count == 2)
      #expect(file.values == Array(1...12))
    }
    #expect(try IDXFile(decoding: Self.labels, itemShape: []).values == [7, 0, 9])
  }

  @Test("A file of several gzip members is their bytes one after the other")
  func readsMembers() throws {
    let bytes = try gzipped(Array(Self.images[..<9])) + gzipped([]) + gzipped(Array(Self.images[9...]))
    #expect(try IDXFile(decoding: bytes, itemShape: [3, 2]).values == Array(1...12))
  }

  @Test("A file larger than zlib's buffers is read whole")
  func readsLargeFile() throws {
    var random = RandomStream(seed: 1, purpose: .demonstration)
    let values = (0..<200_000).map { _ in UInt8(truncatingIfNeeded: random.nextWord()) }
    let file = try IDXFile(decoding: gzipped(idxBytes([200_000], values)), itemShape: [])
    #expect(file.values == values)
  }

  static let malformed: [(bytes: [UInt8], reason: String)] = [
    ([], "is empty"),
    ([0], "begins with 00,"),
    (Array("<html>".utf8), "is not an IDX file: it begins with 3c 68 74 6d, not with 00 00"),
    ([0, 0, 0x0D, 3, 0, 0, 0, 1], "holds values of type 0d; only unsigned bytes, type 08, are read"),
    (idxBytes([3], [1, 2, 3]), "has 1 dimension, not 3"),
    (idxBytes([1, 1, 3, 2], [1, 2, 3, 4, 5, 6]), "has 4 dimensions, not 3"),
    (Array(images[..<4]), "ends within the header"),
    (Array(images[..<15]), "ends within the header"),
    (idxBytes([2, 2, 3], Array(1...12)), "holds items of 2x3, not of 3x2"),
    (idxBytes([0, 3, 2], []), "holds no items"),
    (idxBytes([0xFFFF_FFFF, 3, 2], []), "promises 4294967295 items; at most 300000 are read"),
    (Array(images[..<16]), "promises 12 bytes of data, and 0 are there"),
    (images.dropLast(), "is truncated: its header promises 12 bytes of data, and 11 are there"),
    (images + [0], "does not end after the 12 bytes of data"),
  ]

  @Test("What is wrong with a file is said", arguments: malformed)
  func saysWhatIsWrong(bytes: [UInt8], reason: String) throws {
    for bytes in bytes.isEmpty ? [bytes] : [bytes, try gzipped(bytes)] {
      let error = #expect(throws: IDXError.self) { try IDXFile(decoding: bytes, itemShape: [3, 2]) }
      #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }
  }

  @Test("A damaged gzip file is refused: cut off, altered, or followed by something else")
  func refusesDamagedGzip() throws {
    let whole = try gzipped(Self.images)
    var altered = whole
    altered[whole.count - 8] ^= 1  // the checksum
    let cases: [([UInt8], String)] = [
      (Array(whole[..<2]), "ends early"), (whole.dropLast(), "ends early"),
      (altered, "incorrect data check"), (whole + [0x1f], "ends early"), (whole + [0, 0], "follows its gzip data"),
      (whole + whole, "does not end after the 12 bytes"), ([0x1f, 0x8b, 9, 0, 0, 0, 0, 0, 0, 0], "is damaged"),
    ]
    for (bytes, reason) in cases {
      let error = #expect(throws: IDXError.self) { try IDXFile(decoding: bytes, itemShape: [3, 2]) }
      #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }
  }

  @Test("A decompression bomb is refused as soon as it exceeds what its header promises")
  func refusesBomb() throws {
    let bomb = try gzipped(idxBytes([3], [UInt8](repeating: 0, count: 1 << 24)))
    let error = #expect(throws: IDXError.self) { try IDXFile(decoding: bomb, itemShape: []) }
    #expect(error?.description.contains("does not end after the 3 bytes") == true)
    // A header that promises the most is believed only as far as there is data.
    let boast = try gzipped(idxBytes([300_000, 28, 28], [1, 2, 3]))
    #expect(throws: IDXError.self) { try IDXFile(decoding: boast, itemShape: [28, 28]) }
  }

  @Test("Random damage never crashes the reader, and what it accepts has the size that the header says")
  func survivesDamage() throws {
    var run = FuzzRun("IDX files", cases: 3_000)
    let originals = [Self.images, try gzipped(Self.images), try gzipped(Array(Self.images[..<20])) + gzipped([1, 2])]
    let pieces = ["\0\0\u{8}\u{3}", "\0\0\0\u{2}", "\0\0\0\0", "\u{7F}", "\u{1F}\u{8B}\u{8}"]
    var accepted = 0
    for index in 0..<run.cases {
      let original = run.one(of: originals)
      let bytes = run.damaged(original, dictionary: pieces)
      do throws(IDXError) {
        let file = try IDXFile(decoding: bytes, itemShape: [3, 2])
        accepted += 1
        #expect(file.values.count == file.count * 6, "\(run.place(index))")
      } catch {
        #expect(!error.description.isEmpty, "\(run.place(index))")
      }
    }
    #expect(accepted > 0 && accepted < run.cases)
  }
}
