/// 2x2 mean pooling from 28x28 to 14x14, kept exact: four times the mean is the sum of four bytes.
package enum MeanPooling {
  /// Pixels along each side of a pooled image.
  package static let side = LabelledImages.side / 2
  package static let pixelCount = side * side

  /// Four times the pooled image, 0...1020: (14, 14) appended to `quadruples`.
  static func appendQuadruples(of index: Int, in source: LabelledImages, to quadruples: inout [UInt16]) {
    let width = LabelledImages.side
    source.images.withUnsafeBufferPointer { pixels in
      for row in 0..<side {
        var corner = index * width * width + 2 * row * width
        for _ in 0..<side {
          quadruples.append(
            UInt16(pixels[corner]) + UInt16(pixels[corner + 1]) + UInt16(pixels[corner + width])
              + UInt16(pixels[corner + width + 1]))
          corner += 2
        }
      }
    }
  }
}
