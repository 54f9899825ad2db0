/// The numeric kernels, as one build of them: every set computes the same bits.
///
/// Conventions of all kernels:
/// - Every vector has 16 lanes; counts of channels named "padded" are multiples of 16, and the lanes beyond the real
///   channels hold zeros, which every kernel keeps.
/// - Nothing is allocated. Pointers need no alignment, but 64 bytes is faster. Arguments do not overlap unless said.
/// - Every sum has one written order; a product is fused with a sum (one rounding) where the formula shows `fma`.
/// - `weights ← base + factor · gradient` is how parameters change: a step of SGD has `base == weights` and
///   `factor = -learningRate`; a gradient alone has `base` zero, `factor` 1 and its own `weights`.
public protocol KernelSet: SendableMetatype {
  // MARK: - Convolution with max-pooling (Conv*.swift)

  /// Floats of what `convPack` derives from the weights.
  static func convPackedCount(_ shape: ConvShape) -> Int

  /// Floats of scratch memory that the other convolution kernels need for `images` images.
  static func convWorkspaceCount(_ shape: ConvShape, images: Int) -> Int

  /// Derives from the weights (layout in `ConvShape`) the forms that the kernels read.
  static func convPack(_ shape: ConvShape, weights: Floats, packed: MutableFloats)

  /// output = f(maxpool₂ₓ₂(bias + input ∗ weights)), with f(z) = z, or fma(scale, z, shift), and max(·, 0) after that.
  ///
  /// The first of equal inputs of a pooling window wins; `winners` has 0...3 for (row, column) = (0, 0), (0, 1),
  /// (1, 0), (1, 1) in the window, laid out as the output.
  ///
  /// - Parameters:
  ///   - input: (images, H, W, C padded), thin (images, C, H, W); output, winners: (images, ⌊(H − 2)/2⌋, ⌊(W − 2)/2⌋, K padded)
  ///   - weights, packed: what `convPack` was given and gave; bias, scale, shift: (K padded)
  ///   - scale, shift: both or neither
  ///   - winners: nil if no gradient is wanted
  static func convForward(
    _ shape: ConvShape, images: Int, input: Floats, weights: Floats, packed: Floats, bias: Floats, scale: Floats?,
    shift: Floats?, rectify: Bool, output: MutableFloats, winners: MutableIntegers?, workspace: MutableFloats)

  /// The weights' gradient from the gradient of the pooled output before f.
  ///
  /// - Parameters:
  ///   - outputGradient: laid out as the output; a gradient of zero may be skipped
  ///   - gradient: overwritten, laid out as the weights
  ///   - workspace: left with what `convInputGradient` needs
  static func convWeightGradient(
    _ shape: ConvShape, images: Int, input: Floats, outputGradient: Floats, winners: Integers,
    gradient: MutableFloats, workspace: MutableFloats)

  /// The input's gradient; only for inputs that are not thin, and only after `convWeightGradient` with the same output
  /// gradient, winners and workspace.
  ///
  /// - Parameter inputGradient: overwritten, laid out as the input
  static func convInputGradient(
    _ shape: ConvShape, images: Int, weights: Floats, packed: Floats, outputGradient: Floats, winners: Integers,
    inputGradient: MutableFloats, workspace: MutableFloats)

  /// weights ← fma(factor, gradient, base); then, unless `packed` is nil, as `convPack`.
  ///
  /// - Parameter base: may be `weights`
  static func convUpdate(
    _ shape: ConvShape, base: Floats, gradient: Floats, factor: Float, weights: MutableFloats,
    packed: MutableFloats?)

  // MARK: - Matrices (Gemm.swift, Outer.swift, Sparse.swift, Transpose.swift)

  /// out = f(bias + a · b), with f(z) = z, or fma(scale, z, shift), and max(·, 0) after that if `rectify`.
  ///
  /// Each output is one chain of fma over k ascending, begun at the bias.
  ///
  /// - Parameters:
  ///   - a: (rows, inner), row stride aStride; b: (inner, columns), row stride bStride
  ///   - columns: a multiple of 16; bias, scale, shift: (columns) or nil, the last two both or neither
  static func gemm(
    rows: Int, inner: Int, columns: Int, a: Floats, aStride: Int, b: Floats, bStride: Int, bias: Floats?,
    scale: Floats?, shift: Floats?, rectify: Bool, output: MutableFloats, outputStride: Int)

  /// `gemm` for an a of which about half is zero: products with a zero are left out, and the bits are the same.
  static func sparseGemm(
    rows: Int, inner: Int, columns: Int, a: Floats, aStride: Int, b: Floats, bStride: Int, bias: Floats?,
    scale: Floats?, shift: Floats?, rectify: Bool, output: MutableFloats, outputStride: Int)

  /// output ← fma(factor, aᵀ · b, base): the sum of the rows' outer products.
  ///
  /// Each sum is one chain of fma over the rows ascending, begun at 0.
  ///
  /// - Parameters:
  ///   - a: (rows, m), row stride aStride; b: (rows, n), row stride bStride, n a multiple of 16
  ///   - base, output: (m, n) without gaps; base may be `output`
  static func outer(
    rows: Int, m: Int, n: Int, a: Floats, aStride: Int, b: Floats, bStride: Int, base: Floats, factor: Float,
    output: MutableFloats)

  /// `outer` for an a of which about half is zero: products with a zero are left out, and the bits are the same.
  static func sparseOuter(
    rows: Int, m: Int, n: Int, a: Floats, aStride: Int, b: Floats, bStride: Int, base: Floats, factor: Float,
    output: MutableFloats)

  /// destination (columns, rows) = source (rows, columns)ᵀ.
  ///
  /// - Parameters rows, columns: multiples of 16
  static func transpose(
    rows: Int, columns: Int, source: Floats, sourceStride: Int, destination: MutableFloats, destinationStride: Int)

  // MARK: - Rows of channels (BatchNorm.swift, Rectify.swift)

  /// Training: normalises each channel over all rows, scales, shifts, rectifies, drops.
  ///
  /// y = max(γ(z − μ)/√(σ² + ε) + β, 0) · m, with μ and the biased σ² of the rows. The running statistics become
  /// (1 − momentum) · running + momentum · (μ or the unbiased variance): momentum weighs the new batch, as in PyTorch.
  ///
  /// - Parameters:
  ///   - input: (rows, channels) as `shape` says; output: the same with outputImageStride; may be the input
  ///   - weight γ, bias β, runningMean, runningVariance: (channels)
  ///   - statistics: overwritten with μ and 1/√(σ² + ε): (2, channels)
  ///   - multipliers m: (rows, channels) without gaps, or nil for none
  /// - Source: Ioffe & Szegedy 2015, algorithm 1
  static func batchNormForward(
    _ shape: RowShape, input: Floats, weight: Floats, bias: Floats, epsilon: Float, momentum: Float,
    statistics: MutableFloats, runningMean: MutableFloats, runningVariance: MutableFloats, multipliers: Floats?,
    output: MutableFloats, outputImageStride: Int)

  /// The backward pass of `batchNormForward`, and the change of γ and β.
  ///
  /// The output itself says what was rectified or dropped: there it is zero, and so is the gradient. What was kept had
  /// been multiplied by `keepScale`.
  ///
  /// - Parameters:
  ///   - outputGradient, output: with outputImageStride; input, inputGradient: as `shape` says. The input's gradient may
  ///     be the output's, if the strides agree.
  ///   - baseWeight, baseBias: may be `newWeight`, `newBias`; newWeight may be `weight`
  static func batchNormBackward(
    _ shape: RowShape, outputGradient: Floats, output: Floats, outputImageStride: Int, input: Floats,
    statistics: Floats, weight: Floats, keepScale: Float, inputGradient: MutableFloats, baseWeight: Floats,
    baseBias: Floats, factor: Float, newWeight: MutableFloats, newBias: MutableFloats)

  /// Evaluation: scale = γ/√(running variance + ε), shift = β − scale · running mean.
  static func batchNormFold(
    channels: Int, weight: Floats, bias: Floats, runningMean: Floats, runningVariance: Floats, epsilon: Float,
    scale: MutableFloats, shift: MutableFloats)

  /// y = max(fma(scale, z, shift), 0) · m; without scale and shift y = max(z, 0) · m.
  ///
  /// - Parameters: as in `batchNormForward`; the output may be the input
  static func rectify(
    _ shape: RowShape, input: Floats, scale: Floats?, shift: Floats?, multipliers: Floats?, output: MutableFloats,
    outputImageStride: Int)

  /// The backward pass of `rectify` without scale: dz = keepScale · dy where y > 0, else 0.
  ///
  /// - Parameters: as in `batchNormBackward`
  static func rectifyBackward(
    _ shape: RowShape, outputGradient: Floats, output: Floats, outputImageStride: Int, keepScale: Float,
    inputGradient: MutableFloats)

  /// bias ← fma(factor, sum of the gradient's rows, base).
  ///
  /// - Parameters: gradient as `shape` says; base may be `bias`: (channels)
  static func biasUpdate(_ shape: RowShape, gradient: Floats, base: Floats, factor: Float, bias: MutableFloats)

  // MARK: - Losses (SoftmaxCrossEntropy.swift)

  /// Adds −log softmax(logits)[label] to `total`, row by row, and gives its gradient times `scale`.
  ///
  /// - Parameters:
  ///   - logits: (rows, classes), row stride `stride`, padded lanes any; labels: (rows)
  ///   - gradient: nil, or laid out as the logits; padded lanes become 0
  ///   - accumulate: adds to the gradient instead of overwriting it
  static func softmaxCrossEntropy(
    rows: Int, classes: Int, logits: Floats, stride: Int, labels: Integers, scale: Float,
    gradient: MutableFloats?, accumulate: Bool, total: inout Double)

  /// How many rows have their largest logit, the first of equals, elsewhere than at the label.
  static func errorCount(rows: Int, classes: Int, logits: Floats, stride: Int, labels: Integers) -> Int

  // MARK: - Random numbers (Dropout.swift)

  /// Multipliers of dropout: `keepScale` where a 16-bit random number is at least `threshold`, else 0.
  ///
  /// The numbers are Philox4x32-10's at counters (block, step, purpose, site): element e takes block 8⌊e/64⌋ + (e mod
  /// 16)/2, of that word (e mod 64)/32 · 2 + e mod 2, and its low half if ⌊e/16⌋ is even, else its high half.
  ///
  /// - Parameter count: a multiple of 16
  static func dropoutMultipliers(
    count: Int, key: SIMD2<UInt32>, step: UInt32, purpose: UInt32, site: UInt32, threshold: UInt32,
    keepScale: Float, output: MutableFloats)

  // MARK: - Measuring (Peak.swift)

  /// Independent chains of x ← fma(x, factor, addend) in registers: nothing but multiply-adds, for benchmarks.
  ///
  /// - Returns: the floating-point operations done, two a multiply-add and lane, and the chains' sum, so that none of it
  ///   can be left out.
  static func multiplyAddPeak(rounds: Int, factor: Float, addend: Float) -> (operations: Int, check: Float)
}
