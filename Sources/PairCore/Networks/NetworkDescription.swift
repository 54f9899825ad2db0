/// A network as a tree: shapes, parameters and FLOPs of every layer.
///
/// Pure arithmetic on the report's architecture, so that a client can explain a network without having the engine. Tests
/// hold it against the tensors that the engine trains.
///
/// FLOPs are of one pair: two a multiply-add of a dense direct convolution or matrix product, forward and backward.
/// Backward is the weights' gradient and, where somebody wants it, the input's. Whatever is linear in the number of units
/// (pooling, batch norm, ReLU, dropout, losses) counts as zero; an engine may need fewer than these, and does.
package struct NetworkDescription: Hashable, Sendable {
  package let model: Model
  package let batchNorm: Bool
  package let dropout: Double
  /// The network itself: its parts are the children.
  package let root: LayerDescription

  /// - Parameter dropout: the probability, in [0, 1)
  package init(model: Model, batchNorm: Bool, dropout: Double) {
    self.model = model
    self.batchNorm = batchNorm
    self.dropout = dropout
    let parts = LayerFactory(batchNorm: batchNorm, dropout: dropout)
    let children =
      model.splitsDigits
      ? parts.twoDigits(model)
      : parts.tower(prefix: "", channels: 2, classes: 2, norms: batchNorm ? [""] : [], uses: 1)
        + [parts.loss("loss", "cross-entropy")]
    root = LayerDescription(model.rawValue, "2 x 14 x 14 pixels to 2 logits", shape: [2], children: children)
  }
}

/// A layer, or a part of a network with its layers.
package struct LayerDescription: Hashable, Sendable {
  package let name: String
  /// What it computes, in a few words.
  package let operation: String
  /// What comes out, of each digit where the layer sees digits one by one: (C, H, W) or (units).
  package let shape: [Int]
  /// Numbers that SGD changes, with those of the children.
  package let parameters: Int
  /// Of one pair, with those of the children.
  package let forwardFLOPs: Int
  package let backwardFLOPs: Int
  /// What the engine calls it, as in its tensors' names: several if the digits have one each. Empty for what has no time
  /// of its own.
  package let engineNames: [String]
  package let children: [LayerDescription]

  init(
    _ name: String, _ operation: String, shape: [Int], parameters: Int = 0, forwardFLOPs: Int = 0,
    backwardFLOPs: Int = 0, engineNames: [String] = [], children: [LayerDescription] = []
  ) {
    self.name = name
    self.operation = operation
    self.shape = shape
    self.parameters = children.reduce(parameters) { $0 + $1.parameters }
    self.forwardFLOPs = children.reduce(forwardFLOPs) { $0 + $1.forwardFLOPs }
    self.backwardFLOPs = children.reduce(backwardFLOPs) { $0 + $1.backwardFLOPs }
    self.engineNames = engineNames
    self.children = children
  }

  /// This and everything below, parents first.
  package var all: [LayerDescription] { [self] + children.flatMap(\.all) }
}
