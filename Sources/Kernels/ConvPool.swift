import KernelAPI

/// What `convForward` does with the four inputs of a pooling window, one vector of channels.
struct PoolEpilogue {
  var scale: Floats?
  var shift: Floats?
  var rectify: Bool

  /// Stores the largest of the four and, if asked for, which it was: the first of equals.
  @inline(always) func store(
    _ v0: Vector, _ v1: Vector, _ v2: Vector, _ v3: Vector, channel: Int, output: MutableFloats,
    winners: MutableIntegers?
  ) {
    let beats1 = v0 .< v1
    let best1 = v0.replacing(with: v1, where: beats1)
    let beats2 = best1 .< v2
    let best2 = best1.replacing(with: v2, where: beats2)
    let beats3 = best2 .< v3
    var value = best2.replacing(with: v3, where: beats3)
    if let scale, let shift { value = fma(scale.vector(channel), value, shift.vector(channel)) }
    output.store(rectify ? rectified(value) : value, channel)
    if let winners {
      let winner = IntegerVector.zero.replacing(with: IntegerVector(repeating: 1), where: beats1)
        .replacing(with: IntegerVector(repeating: 2), where: beats2)
        .replacing(with: IntegerVector(repeating: 3), where: beats3)
      winners.store(winner, channel)
    }
  }
}
