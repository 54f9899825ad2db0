import KernelAPI

/// The kernels as their formulas say, one loop an index and every sum in double precision.
///
/// What the fast kernels are tested against; far too slow to train with.
public enum ReferenceKernels: KernelSet {
  /// One chain.
  public static func multiplyAddPeak(rounds: Int, factor: Float, addend: Float) -> (operations: Int, check: Float) {
    var sum = 0.0
    for _ in 0..<rounds { sum = sum * Double(factor) + Double(addend) }
    return (2 * rounds, Float(sum))
  }
}

/// Where row (image, pixel) begins.
func offset(_ shape: RowShape, _ image: Int, _ pixel: Int, imageStride: Int? = nil) -> Int {
  image * (imageStride ?? shape.imageStride) + pixel * shape.channels
}

extension RowShape {
  /// Calls `body` for every (image, pixel, channel).
  func visit(_ body: (_ image: Int, _ pixel: Int, _ channel: Int) -> Void) {
    for image in 0..<images { for pixel in 0..<pixels { for channel in 0..<channels { body(image, pixel, channel) } } }
  }
}
