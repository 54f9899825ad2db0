/// One of the independent streams of random numbers that a seed gives, named by what it is for.
///
/// Drawing more from one stream never moves another: adding dropout does not reorder the data.
package struct RandomStream: RandomNumberGenerator, Sendable {
  /// What the numbers are for. A number that has shipped is never used for something else.
  package enum Purpose: UInt32, Sendable {
    case trainPairs = 1
    case testPairs = 2
    case initialWeights = 3
    case order = 4
    case dropout = 5
    case syntheticDigits = 6
    case demonstration = 7
    case validationPairs = 8
  }

  package let key: SIMD2<UInt32>
  /// (block low, block high, purpose, index)
  package private(set) var counter: SIMD4<UInt32>
  private var block = SIMD4<UInt32>()
  private var used = 4

  /// - Parameter index: tells apart streams of one purpose, such as the epochs of `order`.
  package init(seed: Int64, purpose: Purpose, index: UInt32 = 0) {
    let bits = UInt64(bitPattern: seed)
    key = SIMD2(UInt32(truncatingIfNeeded: bits), UInt32(truncatingIfNeeded: bits &>> 32))
    counter = SIMD4(0, 0, purpose.rawValue, index)
  }

  package mutating func nextWord() -> UInt32 {
    if used == 4 {
      block = Philox4x32.block(counter: counter, key: key)
      counter.x &+= 1
      if counter.x == 0 { counter.y &+= 1 }
      used = 0
    }
    defer { used += 1 }
    return block[used]
  }

  package mutating func next() -> UInt64 {
    let low = UInt64(nextWord())
    return UInt64(nextWord()) &<< 32 | low
  }

  /// An integer in 0..<bound, every one equally likely.
  ///
  /// - Source: Lemire 2019, "Fast Random Integer Generation in an Interval", algorithm 5
  package mutating func below(_ bound: UInt32) -> UInt32 {
    precondition(bound > 0, "nothing lies below 0")
    var product = UInt64(nextWord()) &* UInt64(bound)
    if UInt32(truncatingIfNeeded: product) < bound {
      let threshold = (0 &- bound) % bound
      while UInt32(truncatingIfNeeded: product) < threshold { product = UInt64(nextWord()) &* UInt64(bound) }
    }
    return UInt32(truncatingIfNeeded: product &>> 32)
  }

  /// A multiple of 2^-24 in [0, 1), every one equally likely.
  package mutating func unit() -> Float { Float(nextWord() &>> 8) * 0x1p-24 }

  /// `count` different integers of 0..<bound, in random order.
  package mutating func sample(_ count: Int, below bound: Int) -> [Int] {
    precondition(count <= bound, "cannot draw \(count) of \(bound) without replacement")
    var pool = Array(0..<bound)
    for index in 0..<count {
      pool.swapAt(index, index + Int(below(UInt32(bound - index))))
    }
    return Array(pool[..<count])
  }
}
