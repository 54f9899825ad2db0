/// Describes the layers that the report's networks are made of.
struct LayerFactory {
  let batchNorm: Bool
  let dropout: Double

  private static let side = 14
  private static let channels1 = 32
  private static let channels2 = 64
  private static let hidden = 200
  private static let digits = 10
  private static let targets = 2

  /// conv, pool, [BN], ReLU twice; linear, [BN], ReLU, [dropout]; linear.
  ///
  /// - Parameters:
  ///   - prefix: of the engine's names of the tower's layers
  ///   - norms: prefixes of the engine's names of its batch norms, one a digit that goes through
  ///   - uses: how often a pair goes through
  func tower(prefix: String, channels: Int, classes: Int, norms: [String], uses: Int) -> [LayerDescription] {
    let side1 = Self.side - 2
    let pooled1 = side1 / 2
    let side2 = pooled1 - 2
    let pooled2 = side2 / 2
    return [
      convolution("conv1", prefix, channels, Self.channels1, side: side1, uses: uses, passesGradient: false),
      pool("pool1", [Self.channels1, pooled1, pooled1]),
    ] + normalised("1", [Self.channels1, pooled1, pooled1], norms) + [
      convolution("conv2", prefix, Self.channels1, Self.channels2, side: side2, uses: uses, passesGradient: true),
      pool("pool2", [Self.channels2, pooled2, pooled2]),
    ] + normalised("2", [Self.channels2, pooled2, pooled2], norms) + [
      linear("fc1", prefix, Self.channels2 * pooled2 * pooled2, Self.hidden, uses: uses)
    ] + normalised("3", [Self.hidden], norms) + dropped("dropout3", [Self.hidden]) + [
      linear("fc2", prefix, Self.hidden, classes, uses: uses)
    ]
  }

  /// The networks that split the digits: a tower for both or one each, their losses, and the head that compares.
  func twoDigits(_ model: Model) -> [LayerDescription] {
    let norms = batchNorm ? ["norms1.", "norms2."] : []
    let logits = [Self.digits]
    var parts: [LayerDescription] = []
    if model.sharesWeights {
      parts.append(
        LayerDescription(
          "tower", "both digits, one set of weights", shape: logits,
          children: tower(prefix: "tower1.", channels: 1, classes: Self.digits, norms: norms, uses: 2)))
    } else {
      for digit in 1...2 {
        parts.append(
          LayerDescription(
            "tower\(digit)", "digit \(digit)", shape: logits,
            children: tower(
              prefix: "tower\(digit).", channels: 1, classes: Self.digits,
              norms: batchNorm ? [norms[digit - 1]] : [], uses: 1)))
      }
    }
    if model.hasAuxiliaryLoss {
      parts.append(loss("digit losses", "cross-entropy of each digit"))
    }
    let concatenated = 2 * Self.digits
    let head =
      normalised("4", logits, norms) + dropped("dropout4", logits) + [
        LayerDescription("concat", "both digits", shape: [concatenated]),
        linear("fc3", "", concatenated, Self.hidden, uses: 1),
      ] + normalised("5", [Self.hidden], batchNorm ? [""] : []) + dropped("dropout5", [Self.hidden]) + [
        linear("fc4", "", Self.hidden, Self.targets, uses: 1)
      ]
    parts.append(LayerDescription("head", "compares the digits", shape: [Self.targets], children: head))
    parts.append(loss("loss", "cross-entropy of the target"))
    return parts
  }

  /// Without parameters; the engine times all losses as one, under the name of the target's.
  func loss(_ name: String, _ operation: String) -> LayerDescription {
    LayerDescription(name, operation, shape: [1], engineNames: name == "loss" ? [name] : [])
  }

  /// - Parameter passesGradient: whether the input is another layer's output and not an image
  private func convolution(
    _ name: String, _ prefix: String, _ inputs: Int, _ outputs: Int, side: Int, uses: Int, passesGradient: Bool
  ) -> LayerDescription {
    let forward = 2 * uses * outputs * side * side * inputs * 3 * 3
    return LayerDescription(
      name, "3x3, \(inputs) to \(outputs) channels", shape: [outputs, side, side],
      parameters: outputs * (inputs * 3 * 3 + 1), forwardFLOPs: forward,
      backwardFLOPs: passesGradient ? 2 * forward : forward, engineNames: [prefix + name])
  }

  private func linear(
    _ name: String, _ prefix: String, _ inputs: Int, _ outputs: Int, uses: Int
  ) -> LayerDescription {
    let forward = 2 * uses * inputs * outputs
    return LayerDescription(
      name, "linear, \(inputs) to \(outputs)", shape: [outputs], parameters: outputs * (inputs + 1),
      forwardFLOPs: forward, backwardFLOPs: 2 * forward, engineNames: [prefix + name])
  }

  private func pool(_ name: String, _ shape: [Int]) -> LayerDescription {
    LayerDescription(name, "max of 2x2", shape: shape)
  }

  /// [BN] and ReLU number `number`.
  private func normalised(_ number: String, _ shape: [Int], _ norms: [String]) -> [LayerDescription] {
    let name = "bn\(number)"
    let relu = LayerDescription("relu\(number)", "max with 0", shape: shape)
    guard batchNorm else { return [relu] }
    let operation = norms.count > 1 ? "batch norm, one a digit" : "batch norm"
    return [
      LayerDescription(
        name, operation, shape: shape, parameters: 2 * shape[0] * norms.count, engineNames: norms.map { $0 + name }),
      relu,
    ]
  }

  private func dropped(_ name: String, _ shape: [Int]) -> [LayerDescription] {
    dropout > 0 ? [LayerDescription(name, "each unit with probability \(dropout)", shape: shape)] : []
  }
}
