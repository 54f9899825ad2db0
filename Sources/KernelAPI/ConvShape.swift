/// A 3x3 convolution without padding, followed by 2x2 max-pooling: (N, H, W, C) to (N, ⌊(H − 2)/2⌋, ⌊(W − 2)/2⌋, K).
///
/// Only stored properties: kernels are built per instruction set, and code inlined from here into a wide one would be
/// shared by the linker with a narrow one.
///
/// Weights are laid out for the kernels that make their gradient:
/// - thin input: (3, 3, C, K padded), so that a vector holds output channels;
/// - otherwise: (K padded, 3, 3, C padded), so that a vector holds input channels.
public struct ConvShape: Hashable, Sendable {
  public let height: Int
  public let width: Int
  public let inputChannels: Int
  /// The input is (N, C, H, W) without padding: an image of one or two channels, of which nobody wants the gradient.
  public let isThin: Bool
  /// Floats from one input pixel to the next: 1 if thin, else C padded.
  public let inputPixelStride: Int
  /// Floats from one input channel to the next: H · W if thin, else 1.
  public let inputChannelStride: Int
  /// Floats from one input image to the next.
  public let inputImageStride: Int

  public let outputChannels: Int
  /// Floats from one output pixel to the next: K padded.
  public let outputPixelStride: Int
  /// Floats from one output image to the next, and winners from one image to the next.
  public let outputImageStride: Int
  public let pooledHeight: Int
  public let pooledWidth: Int
  /// Floats of the weights in their own layout.
  public let weightCount: Int

  /// - Parameters inputImageStride, outputImageStride: without them, images follow each other without a gap.
  public init(
    height: Int, width: Int, inputChannels: Int, isThin: Bool, outputChannels: Int, inputImageStride: Int? = nil,
    outputImageStride: Int? = nil
  ) {
    precondition(height >= 4 && width >= 4, "a \(height)x\(width) image leaves nothing to pool after a 3x3 convolution")
    precondition(inputChannels > 0 && outputChannels > 0, "a convolution needs channels")
    self.height = height
    self.width = width
    self.inputChannels = inputChannels
    self.isThin = isThin
    self.outputChannels = outputChannels
    inputPixelStride = isThin ? 1 : padded(inputChannels)
    inputChannelStride = isThin ? height * width : 1
    outputPixelStride = padded(outputChannels)
    pooledHeight = (height - 2) / 2
    pooledWidth = (width - 2) / 2
    let inputLanes = isThin ? inputChannels : padded(inputChannels)
    weightCount = 9 * inputLanes * padded(outputChannels)
    self.inputImageStride = inputImageStride ?? height * width * inputLanes
    self.outputImageStride = outputImageStride ?? pooledHeight * pooledWidth * padded(outputChannels)
    precondition(
      self.inputImageStride >= height * width * inputLanes
        && self.outputImageStride >= pooledHeight * pooledWidth * outputPixelStride, "images overlap")
  }
}
