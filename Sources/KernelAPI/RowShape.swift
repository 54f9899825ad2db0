/// Rows of channels: pixel p of image n begins at float n · imageStride + p · channels.
///
/// A matrix is a row an image: `pixels` is 1 and `imageStride` its leading dimension. Like `ConvShape`, nothing but
/// stored properties.
public struct RowShape: Hashable, Sendable {
  public let images: Int
  public let pixels: Int
  /// Floats a row, a multiple of 16.
  public let channels: Int
  public let imageStride: Int

  public init(images: Int, pixels: Int = 1, channels: Int, imageStride: Int? = nil) {
    precondition(channels % laneCount == 0, "\(channels) channels are not whole vectors")
    self.images = images
    self.pixels = pixels
    self.channels = channels
    self.imageStride = imageStride ?? pixels * channels
    precondition(self.imageStride >= pixels * channels, "images overlap")
  }
}
