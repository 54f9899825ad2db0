import PairNN

/// What makes one written digit differ from the next, drawn at random.
struct Handwriting {
  /// Points of the pen's way; a stroke's points are contiguous.
  struct Path {
    var x: [Float] = []
    var y: [Float] = []
    /// Index of the first point of each stroke.
    var starts: [Int] = []
  }

  /// Random numbers of 16 bits, which is finer than any pen.
  private struct Draw {
    var stream: RandomStream
    private var spare: UInt32?

    init(_ stream: RandomStream) { self.stream = stream }

    /// A multiple of 2^-16 in [0, 1).
    mutating func unit() -> Float {
      if let high = spare {
        spare = nil
        return Float(high) * 0x1p-16
      }
      let word = stream.nextWord()
      spare = word >> 16
      return Float(word & 0xFFFF) * 0x1p-16
    }

    mutating func uniform(_ from: Float, _ to: Float) -> Float { from + (to - from) * unit() }

    /// In ±`spread`, small values more often: the sum of two uniform numbers.
    mutating func around(_ spread: Float) -> Float { spread * (unit() + unit() - 1) }
  }

  /// Straight pieces that a curve between two points is drawn with.
  private static let piecesPerCurve = 5

  /// The pen's way in pixels of a `side` x `side` image.
  private(set) var path = Path()
  /// Half the width of the line in pixels, at the beginning and at the end of the pen's way.
  private(set) var radius: (from: Float, to: Float)
  /// Width in pixels of the edge over which ink fades to paper.
  let edge: Float
  /// Grey of full ink in (0, 1].
  let ink: Float

  init(writing digit: Int, side: Float, random stream: RandomStream) {
    var draw = Draw(stream)
    let ways = DigitTemplates.all[digit]
    let glyph = ways[min(ways.count - 1, Int(draw.unit() * Float(ways.count)))]
    let thickness = draw.uniform(0.8, 1.9)
    radius = (thickness * draw.uniform(0.85, 1.1), thickness * draw.uniform(0.7, 1.1))
    edge = draw.uniform(0.7, 1.3)
    ink = draw.uniform(0.9, 1)
    path = Self.smooth(glyph, draw: &draw)
    Self.warp(&path, draw: &draw)
    Self.lean(&path, draw: &draw)
    Self.place(&path, side: side, draw: &draw)
  }

  /// The glyph with unsteady points, as Catmull-Rom curves through them.
  ///
  /// - Source: Catmull & Rom 1974, "A Class of Local Interpolating Splines"
  private static func smooth(_ glyph: DigitTemplates.Glyph, draw: inout Draw) -> Path {
    var path = Path()
    for stroke in glyph {
      let points = stroke.map { $0 + draw.around(5) }
      let count = points.count / 2
      path.starts.append(path.x.count)
      for index in 0..<count - 1 {
        let before = max(index - 1, 0)
        let after = min(index + 2, count - 1)
        for piece in 0..<piecesPerCurve {
          let t = Float(piece) / Float(piecesPerCurve)
          func curve(_ axis: Int) -> Float {
            let (p0, p1) = (points[2 * before + axis], points[2 * index + axis])
            let (p2, p3) = (points[2 * index + 2 + axis], points[2 * after + axis])
            let quadratic = 2 * p0 - 5 * p1 + 4 * p2 - p3
            let cubic = 3 * (p1 - p2) + p3 - p0
            return p1 + 0.5 * t * (p2 - p0 + t * (quadratic + t * cubic))
          }
          path.x.append(curve(0))
          path.y.append(curve(1))
        }
      }
      path.x.append(points[2 * count - 2])
      path.y.append(points[2 * count - 1])
    }
    return path
  }

  /// Moves the paper under the pen: a quadratic B-spline field over 2 x 2 cells, given by 4 x 4 random displacements.
  private static func warp(_ path: inout Path, draw: inout Draw) {
    let field = (0..<32).map { _ in draw.around(22) }
    for index in path.x.indices {
      let column = weights(path.x[index])
      let row = weights(path.y[index])
      var (dx, dy): (Float, Float) = (0, 0)
      for j in 0..<3 {
        for i in 0..<3 {
          let weight = row.values[j] * column.values[i]
          let node = 2 * (4 * (row.cell + j) + column.cell + i)
          dx += weight * field[node]
          dy += weight * field[node + 1]
        }
      }
      path.x[index] += dx
      path.y[index] += dy
    }
  }

  private static func weights(_ coordinate: Float) -> (cell: Int, values: SIMD4<Float>) {
    let scaled = min(max(coordinate * 0.02, 0), 1.999)
    let cell = Int(scaled)
    let u = scaled - Float(cell)
    return (cell, SIMD4(0.5 * (1 - u) * (1 - u), 0.5 + u * (1 - u), 0.5 * u * u, 0))
  }

  /// Squeezes, slants and turns the digit about its middle.
  private static func lean(_ path: inout Path, draw: inout Draw) {
    let width = draw.uniform(0.7, 1.2)
    let slant = 0.12 + draw.around(0.42)
    // A rotation without trigonometry: t = tan(θ/2), so ±0.16 is about ±18 degrees.
    let t = draw.around(0.16)
    let cosine = (1 - t * t) / (1 + t * t)
    let sine = 2 * t / (1 + t * t)
    for index in path.x.indices {
      let down = path.y[index] - 50
      let across = (path.x[index] - 50) * width - slant * down
      path.x[index] = cosine * across - sine * down
      path.y[index] = sine * across + cosine * down
    }
  }

  /// Scales the digit to about 20 pixels and puts it near the middle, as MNIST's digits are.
  private static func place(_ path: inout Path, side: Float, draw: inout Draw) {
    let (left, right) = (path.x.min() ?? 0, path.x.max() ?? 0)
    let (top, bottom) = (path.y.min() ?? 0, path.y.max() ?? 0)
    let scale = draw.uniform(16, 19.5) / max(right - left, bottom - top, 1)
    let middleX = side / 2 + draw.around(1.6)
    let middleY = side / 2 + draw.around(1.6)
    for index in path.x.indices {
      path.x[index] = middleX + scale * (path.x[index] - 0.5 * (left + right))
      path.y[index] = middleY + scale * (path.y[index] - 0.5 * (top + bottom))
    }
  }
}
