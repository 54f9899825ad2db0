import PairCore
import Testing

@Suite("A network's description")
struct NetworkDescriptionTests {
  @Test(
    "Parameters add up to the report's networks",
    arguments: zip(
      Model.allCases, [(70_906, 71_498), (149_054, 150_678), (76_828, 78_452), (76_828, 78_452)]))
  func parameters(model: Model, counts: (plain: Int, normalised: Int)) {
    #expect(NetworkDescription(model: model, batchNorm: false, dropout: 0.5).root.parameters == counts.plain)
    #expect(NetworkDescription(model: model, batchNorm: true, dropout: 0).root.parameters == counts.normalised)
  }

  /// By hand: 2 · outputs · inputs a pixel and pair; the first layer's input has no gradient.
  @Test("FLOPs are those of dense direct convolution")
  func flops() throws {
    let root = NetworkDescription(model: .baseNet, batchNorm: true, dropout: 0.5).root
    let conv1 = 2 * (12 * 12 * 32) * (9 * 2)
    let rest = 2 * (4 * 4 * 64) * (9 * 32) + 2 * 256 * 200 + 2 * 200 * 2
    #expect(root.forwardFLOPs == conv1 + rest)
    #expect(root.backwardFLOPs == conv1 + 2 * rest)
  }

  @Test("Sharing weights spares parameters and no FLOPs")
  func sharing() {
    let own = NetworkDescription(model: .baseNetAux, batchNorm: false, dropout: 0).root
    let shared = NetworkDescription(model: .baseNetWeightShareAux, batchNorm: false, dropout: 0).root
    #expect(own.forwardFLOPs == shared.forwardFLOPs && own.backwardFLOPs == shared.backwardFLOPs)
    #expect(own.parameters > shared.parameters)
  }

  @Test("Batch norm, dropout and the digits' losses are there exactly when asked for", arguments: Model.allCases)
  func parts(model: Model) {
    func names(_ batchNorm: Bool, _ dropout: Double) -> [String] {
      NetworkDescription(model: model, batchNorm: batchNorm, dropout: dropout).root.all.map(\.name)
    }
    #expect(names(true, 0).contains { $0.hasPrefix("bn") } && !names(false, 0.5).contains { $0.hasPrefix("bn") })
    #expect(names(true, 0.5).contains { $0.hasPrefix("drop") } && !names(true, 0).contains { $0.hasPrefix("drop") })
    #expect(names(false, 0).contains("digit losses") == model.hasAuxiliaryLoss)
  }

  @Test("Shapes follow the images through the layers")
  func shapes() throws {
    let tower = try #require(
      NetworkDescription(model: .baseNetWeightShare, batchNorm: true, dropout: 0.2).root.children.first)
    #expect(
      tower.children.map { "\($0.name) \($0.shape.map(String.init).joined(separator: "x"))" } == [
        "conv1 32x12x12", "pool1 32x6x6", "bn1 32x6x6", "relu1 32x6x6", "conv2 64x4x4", "pool2 64x2x2", "bn2 64x2x2",
        "relu2 64x2x2", "fc1 200", "bn3 200", "relu3 200", "dropout3 200", "fc2 10",
      ])
  }
}
