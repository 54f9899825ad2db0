import KernelAPI
import PairNN

/// Sizes that the four networks share.
enum Size {
  /// Side of a pooled image.
  static let image = 14
  static let pixels = image * image
  static let convolution1 = 32
  static let convolution2 = 64
  static let hidden = 200
  static let digits = 10
  static let targets = 2

  static func convolution1Shape(channels: Int) -> ConvShape {
    ConvShape(height: image, width: image, inputChannels: channels, isThin: true, outputChannels: convolution1)
  }

  /// A vector between images: the rows of fc1's input would otherwise lie 1 KB apart, and fifty of them compete for four
  /// sets of the level-1 cache.
  static let convolution2Shape = ConvShape(
    height: 6, width: 6, inputChannels: convolution1, isThin: false, outputChannels: convolution2,
    outputImageStride: 2 * 2 * convolution2 + laneCount)

  /// Where the inputs of fc1 lie in a row: canonically channel by channel, in memory pixel by pixel.
  static let flattenedLanes = (0..<4 * convolution2).map { $0 % 4 * convolution2 + $0 / 4 }

  /// Where the inputs of fc3 lie: a vector a digit.
  static let concatenatedLanes = (0..<2 * digits).map { $0 / digits * laneCount + $0 % digits }
}

/// Where dropout is applied; the numbers keep the random numbers of the sites apart and are never reused.
enum DropoutSite {
  static func fc1(branch: Int) -> UInt32 { UInt32(branch) }
  static func logits(branch: Int) -> UInt32 { 2 + UInt32(branch) }
  static let fc3: UInt32 = 4
}

/// A step's dropout, if there is any.
struct DropoutStep {
  let dropout: Dropout?
  let step: UInt32

  var keepScale: Float { dropout?.keepScale ?? 1 }

  /// The multipliers of a site, or nil without dropout.
  func multipliers(_ pass: Pass, site: UInt32, count: Int, into offset: Int) -> Floats? {
    guard let dropout else { return nil }
    dropout.draw(pass, step: step, site: site, count: count, into: pass.workspace + offset)
    return Floats(pass.workspace + offset)
  }
}
