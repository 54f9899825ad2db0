import KernelAPI
import PairNN

/// The seed of this run's random numbers: `PAIRNET_TEST_SEED`, or 1. Every failure names it.
let testSeed: Int64 = {
  #if canImport(Glibc)
    if let text = getenv("PAIRNET_TEST_SEED"), let seed = Int64(String(cString: text)) { return seed }
  #endif
  return 1
}()

/// Random numbers in ±1 for the arguments of kernels, each argument from a stream of its own.
struct Numbers {
  private var stream: RandomStream

  init(_ index: Int) { stream = RandomStream(seed: testSeed, purpose: .demonstration, index: UInt32(index)) }

  mutating func next() -> Float { 2 * stream.unit() - 1 }

  mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in next() } }

  /// About half of them zero, as behind a ReLU.
  mutating func sparse(_ count: Int) -> [Float] { (0..<count).map { _ in max(next(), 0) } }

  /// Rows of `stride` floats, of which the first `width` are random and the others zero.
  mutating func rows(_ rows: Int, _ width: Int, stride: Int) -> [Float] {
    (0..<rows * stride).map { $0 % stride < width ? next() : 0 }
  }

  mutating func integers(_ count: Int, below bound: Int) -> [Int32] {
    (0..<count).map { _ in Int32(stream.below(UInt32(bound))) }
  }
}

/// The largest difference of two arrays, relative to `scale`.
func difference(_ a: [Float], _ b: [Float], scale: Float = 1) -> Float {
  precondition(a.count == b.count)
  return zip(a, b).map { ($0 - $1).magnitude }.max().map { $0 / scale } ?? 0
}

/// Whether two arrays are equal bit by bit (zeros of different sign are not).
func sameBits(_ a: [Float], _ b: [Float]) -> Bool { a.elementsEqual(b) { $0.bitPattern == $1.bitPattern } }

#if canImport(Glibc)
  import Glibc
#endif
