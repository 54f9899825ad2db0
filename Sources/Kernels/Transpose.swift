import KernelAPI

extension VectorKernels {
  public static func transpose(
    rows: Int, columns: Int, source: Floats, sourceStride: Int, destination: MutableFloats, destinationStride: Int
  ) {
    assert(rows % laneCount == 0 && columns % laneCount == 0)
    for column in 0..<(columns / laneCount) {
      for row in 0..<(rows / laneCount) {
        transposeBlock(
          source + (row * laneCount * sourceStride + column * laneCount), sourceStride,
          destination + (column * laneCount * destinationStride + row * laneCount), destinationStride)
      }
    }
  }
}

/// Transposes 16x16 floats in registers: four rounds of interleaving row i with row i + 8.
@inline(always) func transposeBlock(
  _ source: Floats, _ sourceStride: Int, _ destination: MutableFloats, _ destinationStride: Int
) {
  var rows = zeros16()
  for i in 0..<16 { rows[unchecked: i] = source.vector(i * sourceStride) }
  for _ in 0..<4 {
    var next = zeros16()
    for i in 0..<8 {
      let a = rows[unchecked: i]
      let b = rows[unchecked: i + 8]
      var low = Vector.zero
      var high = Vector.zero
      low.evenHalf = a.lowHalf
      low.oddHalf = b.lowHalf
      high.evenHalf = a.highHalf
      high.oddHalf = b.highHalf
      next[unchecked: 2 * i] = low
      next[unchecked: 2 * i + 1] = high
    }
    rows = next
  }
  for i in 0..<16 { destination.store(rows[unchecked: i], i * destinationStride) }
}
