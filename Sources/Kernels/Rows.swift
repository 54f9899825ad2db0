import KernelAPI

/// Walks down one vector of channels, row by row, over the gaps between images.
struct RowCursor {
  private(set) var offset: Int
  private var pixel = 0
  private let pixels: Int
  private let channels: Int
  private let gap: Int

  @inline(always) init(_ shape: RowShape, imageStride: Int, channel: Int) {
    offset = channel
    pixels = shape.pixels
    channels = shape.channels
    gap = imageStride - shape.pixels * shape.channels
  }

  /// The offset of this row; moves to the next.
  @inline(always) mutating func next() -> Int {
    defer {
      offset &+= channels
      pixel &+= 1
      if pixel == pixels {
        pixel = 0
        offset &+= gap
      }
    }
    return offset
  }
}

/// Four sums side by side, row r into sum r mod 4; the total is (0 + 1) + (2 + 3). Four, because an addition takes as
/// many cycles.
struct Partials {
  private var sums = InlineArray<4, Vector>(repeating: .zero)

  @inline(always) init() {}
  @inline(always) mutating func add(_ value: Vector, _ index: Int) {
    sums[unchecked: index] += value
  }
  @inline(always) mutating func add(_ a: Vector, times b: Vector, _ index: Int) {
    sums[unchecked: index] = fma(a, b, sums[unchecked: index])
  }
  @inline(always) var total: Vector {
    (sums[unchecked: 0] + sums[unchecked: 1]) + (sums[unchecked: 2] + sums[unchecked: 3])
  }
}
