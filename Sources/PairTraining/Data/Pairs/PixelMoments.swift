/// The mean and the unbiased standard deviation of pooled pixels.
///
/// Both come from exact integer sums: no order of summation can change a bit of them.
package struct PixelMoments: Hashable, Sendable {
  package let mean: Double
  package let standardDeviation: Double

  /// - Parameter quadruples: four times the pooled grey values; at least two of them.
  package init(of quadruples: [UInt16]) {
    precondition(quadruples.count > 1, "one value has no deviation")
    var sum: UInt64 = 0
    var sumOfSquares: UInt64 = 0
    for value in quadruples {
      sum &+= UInt64(value)
      sumOfSquares &+= UInt64(value) &* UInt64(value)
    }
    // With q = 4p: mean = Σq / 4n, variance = (n Σq² − (Σq)²) / 16n(n − 1); the numerator needs more than 64 bits.
    let count = UInt128(quadruples.count)
    let numerator = count * UInt128(sumOfSquares) - UInt128(sum) * UInt128(sum)
    mean = Double(sum) / Double(4 * count)
    standardDeviation = (Double(numerator) / Double(16 * count * (count - 1))).squareRoot()
  }
}
