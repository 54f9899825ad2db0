import KernelAPI

extension VectorKernels {
  public static func softmaxCrossEntropy(
    rows: Int, classes: Int, logits: Floats, stride: Int, labels: Integers, scale: Float,
    gradient: MutableFloats?, accumulate: Bool, total: inout Double
  ) {
    let vectors = padded(classes) / laneCount
    /// Lanes that hold a class, of vector `index`.
    @inline(always) func isClass(_ index: Int) -> SIMDMask<IntegerVector> {
      laneNumbers .< IntegerVector(repeating: Int32(truncatingIfNeeded: classes - index * laneCount))
    }
    for row in 0..<rows {
      let z = logits + row * stride
      let label = Int(labels[row])
      assert((0..<classes).contains(label))

      var largest = splat(-Float.infinity)
      for index in 0..<vectors {
        let value = z.vector(index * laneCount)
        largest = largest.replacing(with: value, where: isClass(index) .& (largest .< value))
      }
      let maximum = horizontalMax(largest)
      @inline(always) func exponentials(_ index: Int) -> Vector {
        Vector.zero.replacing(
          with: exponential(z.vector(index * laneCount) - splat(maximum)), where: isClass(index))
      }
      var sums = Vector.zero
      for index in 0..<vectors { sums += exponentials(index) }
      let sum = horizontalSum(sums)
      total += Double(logarithm(splat(sum))[0] - (z[label] - maximum))

      guard let gradient = gradient.map({ $0 + row * stride }) else { continue }
      for index in 0..<vectors {
        let offset = index * laneCount
        let probabilities = exponentials(index) / splat(sum)
        let isLabel = laneNumbers .== IntegerVector(repeating: Int32(truncatingIfNeeded: label - offset))
        var value = (probabilities - Vector.zero.replacing(with: splat(1), where: isLabel)) * splat(scale)
        if accumulate { value += gradient.vector(offset) }
        gradient.store(value, offset)
      }
    }
  }

  public static func errorCount(rows: Int, classes: Int, logits: Floats, stride: Int, labels: Integers) -> Int {
    var errors = 0
    for row in 0..<rows {
      let z = logits + row * stride
      var best = 0
      for index in 1..<max(classes, 1) where z[best] < z[index] { best = index }
      if best != Int(labels[row]) { errors += 1 }
    }
    return errors
  }
}
