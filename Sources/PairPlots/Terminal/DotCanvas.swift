/// A canvas of dots, eight to a character cell (two across, four down), drawn as braille.
///
/// - Source: Unicode 1.1, block Braille Patterns: U+2800 plus a bit for each dot
struct DotCanvas {
  let columns: Int
  let rows: Int
  /// The dots of each cell as braille has them, and the curve that set one last.
  private var patterns: [UInt8]
  private var owners: [Int]

  /// In dots.
  var width: Int { 2 * columns }
  var height: Int { 4 * rows }

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    patterns = Array(repeating: 0, count: columns * rows)
    owners = Array(repeating: 0, count: columns * rows)
  }

  /// Sets the dot at (x, y) from the top left; one outside is not drawn.
  mutating func set(_ x: Int, _ y: Int, owner: Int) {
    guard (0..<width).contains(x) && (0..<height).contains(y) else { return }
    let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]  // (y, x) within the cell
    let cell = (y / 4) * columns + x / 2
    patterns[cell] |= bits[y % 4][x % 2]
    owners[cell] = owner
  }

  /// A straight line of dots between two dots.
  ///
  /// - Source: Bresenham 1965, "Algorithm for computer control of a digital plotter", IBM Systems Journal 4(1)
  mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int), owner: Int) {
    let (dx, dy) = (abs(end.x - start.x), -abs(end.y - start.y))
    let (stepX, stepY) = (start.x < end.x ? 1 : -1, start.y < end.y ? 1 : -1)
    var (x, y) = start
    var error = dx + dy
    while true {
      set(x, y, owner: owner)
      if x == end.x && y == end.y { return }
      let doubled = 2 * error
      if doubled >= dy {
        error += dy
        x += stepX
      }
      if doubled <= dx {
        error += dx
        y += stepY
      }
    }
  }

  /// The braille character of a cell and who drew there last; nil where there is no dot.
  func cell(_ column: Int, _ row: Int) -> (character: Character, owner: Int)? {
    let index = row * columns + column
    guard patterns[index] != 0 else { return nil }
    return (Character(Unicode.Scalar(0x2800 + UInt32(patterns[index])) ?? " "), owners[index])
  }
}
