import KernelAPI
import PairCore
import PairNN

/// Pairs as a network reads them: (N, 2, 14, 14) if its tower sees both digits at once, else (2, N, 14, 14).
package struct PreparedPairs: ~Copyable {
  package let count: Int
  /// Towers' inputs a pair: 1 or 2.
  let branches: Int
  private let pixels: Buffer<Float>
  /// (2, N)
  let digits: Buffer<Int32>
  /// (N)
  let targets: Buffer<Int32>

  package init(_ pairs: PairSet, for model: Model) {
    count = pairs.count
    branches = model.splitsDigits ? 2 : 1
    pixels = Buffer(count: pairs.images.count)
    digits = Buffer(count: pairs.digits.count)
    targets = Buffer(count: pairs.count)
    let size = Size.pixels
    pairs.images.withUnsafeBufferPointer { images in
      for image in 0..<2 * count {
        let (pair, digit) = (image / 2, image % 2)
        let place = branches == 2 ? digit * count + pair : image
        (pixels.start + place * size).update(from: images.baseAddress! + image * size, count: size)
        digits[digit * count + pair] = pairs.digits[image]
        if digit == 0 { targets[pair] = pairs.targets[pair] }
      }
    }
  }

  /// Floats of an image, with the channels that a tower sees at once.
  var imageSize: Int { (branches == 1 ? 2 : 1) * Size.pixels }

  /// The first image of a branch.
  func images(of branch: Int) -> Floats { Floats(pixels.start) + branch * count * Size.pixels }
}
