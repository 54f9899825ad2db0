import KernelAPI

/// The largest of four, the inputs of a pooling window, and which it was: the first of equals.
@inline(always) func pooled(_ v0: Vector, _ v1: Vector, _ v2: Vector, _ v3: Vector) -> (Vector, IntegerVector) {
  let rightAbove = v0 .< v1
  let above = v0.replacing(with: v1, where: rightAbove)
  let rightBelow = v2 .< v3
  let below = v2.replacing(with: v3, where: rightBelow)
  let isBelow = above .< below
  let winnerAbove = IntegerVector.zero.replacing(with: IntegerVector(repeating: 1), where: rightAbove)
  let winnerBelow = IntegerVector(repeating: 2).replacing(with: IntegerVector(repeating: 3), where: rightBelow)
  return (
    above.replacing(with: below, where: isBelow), winnerAbove.replacing(with: winnerBelow, where: isBelow)
  )
}

/// What `convForward` does with the four inputs of a pooling window, one vector of channels.
struct PoolEpilogue {
  var scale: Floats?
  var shift: Floats?
  var rectify: Bool

  /// Stores f(largest + bias) and, if asked for, which was the largest. All four would have got the same bias, and
  /// rounding keeps the order: one addition does for four.
  @inline(always) func store(
    _ v0: Vector, _ v1: Vector, _ v2: Vector, _ v3: Vector, bias: Vector, channel: Int, output: MutableFloats,
    winners: MutableIntegers?
  ) {
    let (best, winner) = pooled(v0, v1, v2, v3)
    var value = best + bias
    if let scale, let shift { value = fma(scale.vector(channel), value, shift.vector(channel)) }
    output.store(rectify ? rectified(value) : value, channel)
    if let winners { winners.store(winner, channel) }
  }
}
