import KernelAPI

/// How a convolution falls into Winograd tiles: 6x6 inputs to 4x4 outputs, which are 2x2 pooling windows.
struct ConvTiles {
  let down: Int
  let across: Int

  /// Nil if the outputs are no whole tiles.
  @inline(always) init?(_ shape: ConvShape) {
    guard (shape.height - 2) % 4 == 0, (shape.width - 2) % 4 == 0 else { return nil }
    down = (shape.height - 2) / 4
    across = (shape.width - 2) / 4
  }

  @inline(always) var count: Int { down * across }

  /// Floats between the 36 planes of `rows` rows of `columns`. A vector more than the planes have: as multiples of 4 KB,
  /// all 36 of them would compete for the same eight lines of the level-1 cache.
  @inline(always) static func planeStride(_ rows: Int, _ columns: Int) -> Int { rows * columns + laneCount }
}

/// Walks over the tiles of all images.
struct TileCursor {
  private(set) var image: Int
  /// The tile's row and column in its image.
  private(set) var y: Int
  private(set) var x: Int
  private let tiling: ConvTiles

  @inline(always) init(_ tiling: ConvTiles, first: Int) {
    self.tiling = tiling
    image = first / tiling.count
    y = first % tiling.count / tiling.across
    x = first % tiling.across
  }

  @inline(always) mutating func advance() {
    x += 1
    guard x == tiling.across else { return }
    x = 0
    y += 1
    guard y == tiling.down else { return }
    y = 0
    image += 1
  }
}

/// Two rows of the 6x6 elements of a transformed filter that share their sums: those of the points 0 and ∞ (rows 0 and
/// 5), p and −p (1 and 2), q and −q (3 and 4).
struct FilterRows {
  let pair: Int
  static let pairs = 3

  @inline(always) var isOuter: Bool { pair == 0 }
  @inline(always) var isP: Bool { pair == 1 }

  /// The element, 0...35, of index 0...11 in the pair.
  @inline(always) func element(_ index: Int) -> Int {
    let row = index < 6 ? max(2 * pair - 1, 0) : (pair == 0 ? 5 : 2 * pair)
    return 6 * row + index % 6
  }
}
