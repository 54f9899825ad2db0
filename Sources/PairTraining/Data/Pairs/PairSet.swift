/// Pairs of digits as a network sees them: standardised 14x14 images, the digits, and whether they are in order.
package struct PairSet: Hashable, Sendable {
  package let count: Int
  /// Standardised pixels: (N, 2, 14, 14).
  package let images: [Float]
  /// (N, 2)
  package let digits: [Int32]
  /// 1 where digit 1 ≤ digit 2, else 0: (N).
  package let targets: [Int32]

  init(_ pairs: RawPairs, standardisedBy moments: PixelMoments) {
    count = pairs.count
    digits = pairs.digits
    targets = pairs.targets
    // A pooled pixel has 1021 possible values: one table makes every pixel the same correctly rounded number.
    let table = (0...1020).map { Float((Double($0) * 0.25 - moments.mean) / moments.standardDeviation) }
    images = pairs.quadruples.map { table[Int($0)] }
  }
}
