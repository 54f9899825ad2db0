import PairCore
import PairNN
import PairTraining
import Testing

/// All networks of the report, with and without what changes their layers.
private let variants = Model.allCases.flatMap { model in
  [false, true].flatMap { batchNorm in
    [0, 0.2].map { NetworkDescription(model: model, batchNorm: batchNorm, dropout: $0) }
  }
}

@Suite("A network's description and its profile")
struct ProfileTests {
  private func network(_ description: NetworkDescription) -> Network {
    Network(
      model: description.model, batchNorm: description.batchNorm, dropout: description.dropout, seed: 1, capacity: 1)
  }

  /// Trained numbers by layer, as the engine has them.
  private func trained(_ network: borrowing Network) -> [String: Int] {
    var counts: [String: Int] = [:]
    for tensor in network.parameters.tensors where tensor.role == .parameter {
      counts[String(tensor.name[..<tensor.name.lastIndex(of: ".")!]), default: 0] += tensor.count
    }
    return counts
  }

  @Test("Each layer of the description has the parameters that the engine trains under its names", arguments: variants)
  func tensors(description: NetworkDescription) {
    var left = trained(network(description))
    for layer in description.root.all where layer.children.isEmpty && layer.parameters > 0 {
      #expect(layer.engineNames.reduce(0) { $0 + (left.removeValue(forKey: $1) ?? 0) } == layer.parameters)
    }
    #expect(left.isEmpty, "layers that the description lacks")
  }

  @Test("A profile's layers are those of the description, each with some time", arguments: variants)
  func profile(description: NetworkDescription) {
    let profile = StepProfile.measure(
      model: description.model, batchNorm: description.batchNorm, dropout: description.dropout, for: .zero)
    let named = Set(description.root.all.flatMap(\.engineNames))
    let found = Set(profile.rows.map(\.layer)).subtracting([""])
    #expect(found == named)
    #expect(profile.steps >= 5 && profile.rows.allSatisfy { $0.seconds > 0 })
    #expect(profile.rows.contains { $0.operation == .dropout } == (description.dropout > 0))
  }

  @Test("Every layer with weights has a forward pass, a weight gradient and, but for the first, an input gradient")
  func operations() {
    let profile = StepProfile.measure(model: .baseNetAux, batchNorm: true, dropout: 0, for: .zero)
    for layer in ["tower1.conv1", "tower1.conv2", "tower2.conv1", "tower2.conv2", "tower2.fc1", "tower1.fc2", "fc3"] {
      let operations = Set(profile.rows.filter { $0.layer == layer }.map(\.operation))
      #expect(operations.isSuperset(of: [.forward, .weightGradient, .update]), "\(layer)")
      #expect(operations.contains(.inputGradient) == !layer.hasSuffix("conv1"), "\(layer)")
    }
  }
}
