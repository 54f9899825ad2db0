import KernelAPI
import PairNN

/// What a layer's kernels do in a step.
package enum ProfiledOperation: Int, CaseIterable, Sendable {
  case forward, weightGradient, inputGradient, bias, update
  case batchNormForward, batchNormBackward, relu, dropout, loss

  package var name: String {
    switch self {
    case .forward: "forward"
    case .weightGradient: "weight gradient"
    case .inputGradient: "input gradient"
    case .bias: "bias"
    case .update: "update"
    case .batchNormForward: "forward"
    case .batchNormBackward: "backward"
    case .relu: "relu"
    case .dropout: "dropout"
    case .loss: "loss"
    }
  }
}

/// Adds up the seconds of kernels by layer and operation.
///
/// Kernels know pointers and not layers: the layer is the one whose tensor a pointer lies in.
final class KernelRecorder {
  /// The kernels that are timed.
  let kernels: any KernelSet.Type
  /// Layers as their tensors' names have them, then one for whatever has no tensor.
  let layers: [String]
  /// Seconds by layer and operation since the last `reset`.
  private(set) var seconds: [Double]

  private let parameters: Floats
  /// Where each tensor begins and the number of its layer, ascending.
  private let tensors: [(offset: Int, layer: Int)]
  private let storedCount: Int
  /// A gradient whose layer the next kernel will tell.
  private var pending: (seconds: Double, operation: ProfiledOperation)?

  init(_ parameters: borrowing ParameterStore, kernels: any KernelSet.Type) {
    self.kernels = kernels
    self.parameters = Floats(parameters.values.start)
    storedCount = parameters.values.count
    var layers: [String] = []
    var tensors: [(offset: Int, layer: Int)] = []
    for tensor in parameters.tensors {
      let layer = String(tensor.name[..<(tensor.name.lastIndex(of: ".") ?? tensor.name.endIndex)])
      if !layers.contains(layer) { layers.append(layer) }
      tensors.append((tensor.offset, layers.firstIndex(of: layer)!))
    }
    self.tensors = tensors.sorted { $0.offset < $1.offset }
    self.layers = layers + [""]
    seconds = Array(repeating: 0, count: (layers.count + 1) * ProfiledOperation.allCases.count)
  }

  func reset() {
    for index in seconds.indices { seconds[index] = 0 }
  }

  static func slot(layer: Int, _ operation: ProfiledOperation) -> Int {
    layer * ProfiledOperation.allCases.count + operation.rawValue
  }

  /// Adds to the layer of `tensor`, or to none.
  func add(_ duration: Double, _ operation: ProfiledOperation, of tensor: Floats?) {
    seconds[Self.slot(layer: tensor.map(layer) ?? layers.count - 1, operation)] += duration
  }

  /// Keeps the seconds of a gradient until `resolve` names its layer.
  func postpone(_ duration: Double, _ operation: ProfiledOperation) { pending = (duration, operation) }

  /// The gradient before this belongs to the layer of `tensor`.
  func resolve(_ tensor: Floats) {
    guard let gradient = pending else { return }
    add(gradient.seconds, gradient.operation, of: tensor)
    pending = nil
  }

  /// The number of the layer that a pointer lies in.
  private func layer(of tensor: Floats) -> Int {
    let offset = tensor - parameters
    guard (0..<storedCount).contains(offset) else { return layers.count - 1 }
    var found = layers.count - 1
    for tensor in tensors where tensor.offset <= offset { found = tensor.layer }
    return found
  }
}
