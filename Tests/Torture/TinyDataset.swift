/// A dataset of a few hundred images as IDX files, which a daemon reads in a millisecond.
enum TinyDataset {
  static let name = "tiny"
  private static let images = 400
  private static let side = 28

  /// Writes the four files into `directory`, which is there: the same bytes every time.
  static func write(into directory: String) throws(Child.Failure) {
    var random = SplitMix64(seed: 28)
    for split in ["train", "t10k"] {
      var pixels: [UInt8] = [0, 0, 8, 3] + bigEndian(images) + bigEndian(side) + bigEndian(side)
      var labels: [UInt8] = [0, 0, 8, 1] + bigEndian(images)
      for index in 0..<images {
        let label = index % 10
        labels.append(UInt8(label))
        for pixel in 0..<(side * side) {
          // A bar where its label says, in noise: something to learn, but not at once.
          let isBar = (pixel / side) / 3 == label || (pixel % side) / 3 == label
          pixels.append(UInt8.random(in: 0...127, using: &random) + (isBar ? 96 : 0))
        }
      }
      try Torture.write(pixels, to: "\(directory)/\(split)-images-idx3-ubyte")
      try Torture.write(labels, to: "\(directory)/\(split)-labels-idx1-ubyte")
    }
  }

  private static func bigEndian(_ number: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
  }
}
