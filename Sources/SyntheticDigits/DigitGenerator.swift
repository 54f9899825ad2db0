import PairNN

/// Draws handwritten-looking digits: the same bits on every machine, forever.
///
/// Only +, −, ·, / and √ on `Float` are used, whose results IEEE 754 fixes; no mathematical library takes part.
package enum DigitGenerator {
  /// Raised whenever a drawn bit changes; each version draws from streams of its own.
  package static let version: Int64 = 1

  /// Draws `count` images, the first of them number `first`.
  ///
  /// Image n depends on n and the version only, so that any range gives the same images.
  ///
  /// - Returns: grey values, 0 for paper and 255 for ink: (count, side, side); digits 0...9: (count)
  package static func draw(
    first: UInt32, count: Int, side: Int
  ) -> (images: [UInt8], labels: [UInt8]) {
    var images: [UInt8] = []
    var labels: [UInt8] = []
    images.reserveCapacity(count * side * side)
    labels.reserveCapacity(count)
    for index in 0..<count {
      var stream = RandomStream(seed: version, purpose: .syntheticDigits, index: first + UInt32(index))
      let digit = Int(stream.below(10))
      labels.append(UInt8(digit))
      let writing = Handwriting(writing: digit, side: Float(side), random: stream)
      var canvas = Canvas(side: side)
      draw(writing, on: &canvas)
      canvas.append(grey: writing.ink, to: &images)
    }
    return (images, labels)
  }

  private static func draw(_ writing: Handwriting, on canvas: inout Canvas) {
    let path = writing.path
    let last = path.x.count - 1
    for (stroke, start) in path.starts.enumerated() {
      let end = stroke + 1 < path.starts.count ? path.starts[stroke + 1] : path.x.count
      for index in start..<end - 1 {
        let progress = Float(index) / Float(last)
        canvas.line(
          from: (path.x[index], path.y[index]), to: (path.x[index + 1], path.y[index + 1]),
          radius: writing.radius.from + (writing.radius.to - writing.radius.from) * progress, edge: writing.edge)
      }
    }
  }
}
