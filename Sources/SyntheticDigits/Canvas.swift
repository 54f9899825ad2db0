/// A square of paper that a round, soft pen draws on.
struct Canvas {
  let side: Int
  /// Ink in [0, 1]: (side, side).
  private(set) var ink: [Float]

  init(side: Int) {
    self.side = side
    ink = Array(repeating: 0, count: side * side)
  }

  /// Draws a straight line: every pixel takes the ink that its centre's distance from the line gives it.
  ///
  /// Where lines cross, the darker one counts, as ink does not add up.
  mutating func line(
    from start: (x: Float, y: Float), to end: (x: Float, y: Float), radius: Float, edge: Float
  ) {
    let reach = radius + 0.5 * edge
    let columns = pixels(from: min(start.x, end.x) - reach, to: max(start.x, end.x) + reach)
    let rows = pixels(from: min(start.y, end.y) - reach, to: max(start.y, end.y) + reach)
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let squaredLength = dx * dx + dy * dy
    let inverse = squaredLength > 1e-12 ? 1 / squaredLength : 0
    let inverseEdge = 1 / edge
    let side = side
    ink.withUnsafeMutableBufferPointer { ink in
      for row in rows {
        let py = Float(row) + 0.5 - start.y
        for column in columns {
          let px = Float(column) + 0.5 - start.x
          let along = min(max((px * dx + py * dy) * inverse, 0), 1)
          let (qx, qy) = (px - along * dx, py - along * dy)
          let squaredDistance = qx * qx + qy * qy
          guard squaredDistance < reach * reach else { continue }
          let coverage = min((reach - squaredDistance.squareRoot()) * inverseEdge, 1)
          let index = row * side + column
          if coverage > ink[index] { ink[index] = coverage }
        }
      }
    }
  }

  /// The pixels whose squares touch `from...to`.
  private func pixels(from: Float, to: Float) -> Range<Int> {
    let first = min(max(Int(from), 0), side)
    return first..<max(min(Int(to) + 1, side), first)
  }

  /// Grey values 0...255 appended to `images`, full ink being `grey` of 1.
  func append(grey: Float, to images: inout [UInt8]) {
    for value in ink { images.append(UInt8(value * grey * 255 + 0.5)) }
  }
}
