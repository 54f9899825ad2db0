import KernelAPI

/// The most that this build's vectors can multiply and add: what benchmarks divide by.
extension VectorKernels {
  /// Chains enough to hide the latency of a multiply-add (4 cycles, at most two a cycle: 8), few enough to stay in
  /// registers: 16 of AVX-512's 32, or 6 times two of AVX2's 16.
  #if WIDE
    private static let peakChains = 16
  #else
    private static let peakChains = 6
  #endif

  public static func multiplyAddPeak(rounds: Int, factor: Float, addend: Float) -> (operations: Int, check: Float) {
    #if WIDE
      let check = multiplyAddChains(InlineArray<16, Bool>(repeating: true), rounds, factor, addend)
    #else
      let check = multiplyAddChains(InlineArray<6, Bool>(repeating: true), rounds, factor, addend)
    #endif
    return (rounds * peakChains * laneCount * 2, check)
  }

  @inline(never) private static func multiplyAddChains<let R: Int>(
    _: borrowing InlineArray<R, Bool>, _ rounds: Int, _ factor: Float, _ addend: Float
  ) -> Float {
    let factor = splat(factor)
    let addend = splat(addend)
    var chains = InlineArray<R, Vector>(repeating: .zero)
    for r in 0..<R { chains[unchecked: r] = splat(Float(r)) }
    for _ in 0..<rounds {
      for r in 0..<R { chains[unchecked: r] = fma(chains[unchecked: r], factor, addend) }
    }
    var sum = Vector.zero
    for r in 0..<R { sum = sum + chains[unchecked: r] }
    return horizontalSum(sum)
  }
}
