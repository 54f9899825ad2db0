import KernelAPI

/// The most that this build's vectors can multiply and add: what benchmarks divide by.
extension VectorKernels {
  // Chains enough to hide the latency of a multiply-add (4 cycles, at most two a cycle: 8), few enough to stay in
  // registers: 16 of AVX-512's 32, or 6 times two of AVX2's 16.
  #if WIDE
    private typealias Chains = Tile<4, 4>
  #else
    private typealias Chains = Tile<3, 2>
  #endif

  public static func multiplyAddPeak(rounds: Int, factor: Float, addend: Float) -> (operations: Int, check: Float) {
    let factor = splat(factor)
    let addend = splat(addend)
    var chains = Chains(repeating: .init(repeating: addend))
    for _ in 0..<rounds {
      for r in chains.indices {
        for c in chains[unchecked: r].indices {
          chains[unchecked: r][unchecked: c] = fma(chains[unchecked: r][unchecked: c], factor, addend)
        }
      }
    }
    var sum = Vector.zero
    for r in chains.indices { for c in chains[unchecked: r].indices { sum = sum + chains[unchecked: r][unchecked: c] } }
    return (rounds * chains.count * chains[unchecked: 0].count * laneCount * 2, horizontalSum(sum))
  }
}
