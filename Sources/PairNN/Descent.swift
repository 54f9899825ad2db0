import KernelAPI

/// How gradients become parameters: target ← base + factor · gradient, layer by layer in the backward pass.
///
/// A step of SGD is base = target = the parameters and factor = −learningRate. With a base of zeros, factor 1 and a
/// target of its own the same code leaves the gradients themselves.
package struct Descent {
  package let base: Floats
  package let factor: Float
  package let target: MutableFloats
  /// The parameters change, so the forms derived from them have to.
  package let isInPlace: Bool

  /// θ ← θ − learningRate · gradient.
  package static func step(_ parameters: borrowing ParameterStore, learningRate: Float) -> Descent {
    Descent(
      base: Floats(parameters.values.start), factor: -learningRate, target: parameters.values.start, isInPlace: true)
  }

  /// gradients ← gradient, with `zeros` and `gradients` laid out as the parameters.
  package static func gradients(zeros: borrowing Buffer<Float>, into gradients: borrowing Buffer<Float>) -> Descent {
    Descent(base: Floats(zeros.start), factor: 1, target: gradients.start, isInPlace: false)
  }
}
