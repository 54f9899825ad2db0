import KernelAPI

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension ReferenceKernels {
  public static func softmaxCrossEntropy(
    rows: Int, classes: Int, logits: Floats, stride: Int, labels: Integers, scale: Float,
    gradient: MutableFloats?, accumulate: Bool, total: inout Double
  ) {
    for row in 0..<rows {
      let z = (0..<classes).map { Double(logits[row * stride + $0]) }
      let label = Int(labels[row])
      let largest = z.max() ?? 0
      let sum = z.reduce(0) { $0 + exp($1 - largest) }
      total += log(sum) - (z[label] - largest)
      guard let gradient = gradient.map({ $0 + row * stride }) else { continue }
      for index in 0..<padded(classes) {
        let probability = index < classes ? exp(z[index] - largest) / sum : 0
        let value = Float((probability - (index == label ? 1 : 0)) * Double(scale))
        gradient[index] = accumulate ? gradient[index] + value : value
      }
    }
  }

  public static func errorCount(rows: Int, classes: Int, logits: Floats, stride: Int, labels: Integers) -> Int {
    (0..<rows).count { row in
      let z = (0..<classes).map { logits[row * stride + $0] }
      return z.firstIndex(of: z.max() ?? 0) != Int(labels[row])
    }
  }
}
