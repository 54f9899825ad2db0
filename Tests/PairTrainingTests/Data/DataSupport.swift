import CZlib
import Foundation
import PairNN
import PairTraining
import Testing

/// A directory of a test, which goes with the test.
final class TemporaryDirectory {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "pairnet-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var path: String { url.path }

  /// Writes a file, and the directories above it.
  func write(_ bytes: [UInt8], to name: String) throws {
    let file = url.appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }
}

/// The bytes of an IDX file of unsigned bytes.
func idxBytes(_ dimensions: [Int], _ values: [UInt8]) -> [UInt8] {
  [0, 0, 8, UInt8(dimensions.count)]
    + dimensions.flatMap { size in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } } + values
}

/// The bytes as one gzip member.
func gzipped(_ bytes: [UInt8]) throws -> [UInt8] {
  var stream = z_stream()
  let size = Int32(MemoryLayout<z_stream>.size)
  try #require(
    deflateInit2_(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK)
  defer { deflateEnd(&stream) }
  var input = bytes
  var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
  let written = try input.withUnsafeMutableBufferPointer { input in
    try output.withUnsafeMutableBufferPointer { output in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(output.count)
      try #require(deflate(&stream, Z_FINISH) == Z_STREAM_END)
      return output.count - Int(stream.avail_out)
    }
  }
  return Array(output[..<written])
}

/// A dataset of small random images, as its four files' bytes by name without extension.
func randomFiles(train: Int, test: Int, seed: Int64) -> [String: [UInt8]] {
  var random = RandomStream(seed: seed, purpose: .demonstration)
  func bytes(_ count: Int, below bound: UInt32) -> [UInt8] { (0..<count).map { _ in UInt8(random.below(bound)) } }
  return [
    "train-images-idx3-ubyte": idxBytes([train, 28, 28], bytes(train * 784, below: 256)),
    "train-labels-idx1-ubyte": idxBytes([train], bytes(train, below: 10)),
    "t10k-images-idx3-ubyte": idxBytes([test, 28, 28], bytes(test * 784, below: 256)),
    "t10k-labels-idx1-ubyte": idxBytes([test], bytes(test, below: 10)),
  ]
}

/// Random images and labels without files.
func randomImages(_ count: Int, seed: Int64) -> LabelledImages {
  var random = RandomStream(seed: seed, purpose: .demonstration)
  return LabelledImages(
    images: (0..<count * 784).map { _ in UInt8(random.below(256)) },
    labels: (0..<count).map { _ in UInt8(random.below(10)) })
}

/// A new seed, or the one of `PAIRNET_TEST_SEED` to replay a failure.
func testSeed() -> Int64 {
  let replayed = ProcessInfo.processInfo.environment["PAIRNET_TEST_SEED"].flatMap { Int64($0) }
  return replayed ?? Int64.random(in: 0..<1_000_000_000)
}
