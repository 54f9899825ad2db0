import PairAPI
import PairCore

/// A network as a tree of layers, with the time of each if it was measured.
struct ExplainReport {
  let description: NetworkDescription
  let profile: ProfileResponse?

  init(_ description: NetworkDescription, profile: ProfileResponse?) {
    self.description = description
    self.profile = profile
  }

  /// What the tree's branches are drawn with.
  struct Branches: Hashable {
    var child, lastChild, line, gap: String

    static let lines = Branches(child: "├─ ", lastChild: "└─ ", line: "│  ", gap: "   ")
    static let ascii = Branches(child: "|- ", lastChild: "`- ", line: "|  ", gap: "   ")
  }

  /// Microseconds of a step in a layer and all below it; nil if there is no profile or the engine does not tell.
  func microseconds(of layer: LayerDescription) -> Double? {
    guard let profile else { return nil }
    let names = layer.all.flatMap(\.engineNames)
    guard !names.isEmpty else { return nil }
    return profile.rows.reduce(0) { names.contains($1.layer) ? $0 + $1.microseconds : $0 }
  }

  /// Microseconds of the operations that belong to no layer with parameters, such as ReLU.
  private func microseconds(ofOperation operation: String) -> Double {
    profile?.rows.reduce(0) { $1.layer.isEmpty && $1.operation == operation ? $0 + $1.microseconds : $0 } ?? 0
  }

  private func share(_ microseconds: Double) -> Double {
    guard let profile, profile.stepMicroseconds > 0 else { return 0 }
    return microseconds / profile.stepMicroseconds
  }

  // MARK: - For people

  func report(branches: Branches) -> Report {
    var table = Table(columns: [
      .text("layer"), .text("operation"), .text("output"), .number("parameters"), .number("forward FLOPs"),
      .number("backward FLOPs"), .number("time %"),
    ])
    append(description.root, prefix: "", below: "", branches, to: &table)
    guard let profile else { return Report(table: table) }
    let relu = microseconds(ofOperation: "relu")
    let dropout = microseconds(ofOperation: "dropout")
    let rest = profile.stepMicroseconds - profile.rows.reduce(0) { $0 + $1.microseconds }
    var others: [String] = []
    if relu > 0 {
      others.append("ReLU's \(description.batchNorm ? "own" : "backward pass") \(Format.percent(share(relu)))")
    }
    if dropout > 0 { others.append("dropout \(Format.percent(share(dropout)))") }
    others.append("copying the batch and the stopwatch \(Format.percent(share(max(0, rest))))")
    let within =
      description.batchNorm ? "pooling in its convolution, ReLU in its batch norm" : "pooling and ReLU in their layer"
    return Report(
      table: table,
      remarks: [
        "time %: of a step of \(profile.batchSize) pairs, \(Format.fixed(profile.stepMicroseconds, decimals: 0)) "
          + "microseconds (median of \(Format.count(profile.steps, "step")), \(profile.instructionSet)); \(within)",
        "besides: \(others.joined(separator: ", "))",
      ])
  }

  private func append(
    _ layer: LayerDescription, prefix: String, below: String, _ branches: Branches, to table: inout Table
  ) {
    let isRoot = layer == description.root
    let time = isRoot ? nil : microseconds(of: layer)
    table.append([
      Table.Cell(prefix + layer.name, layer.children.isEmpty ? .plain : .bold), Table.Cell(layer.operation),
      Table.Cell(layer.shape.map { String($0) }.joined(separator: " x ")),
      Table.Cell(layer.parameters > 0 ? Format.count(layer.parameters) : ""),
      Table.Cell(layer.forwardFLOPs > 0 ? Format.count(layer.forwardFLOPs) : ""),
      Table.Cell(layer.backwardFLOPs > 0 ? Format.count(layer.backwardFLOPs) : ""),
      Table.Cell(time.map { Format.percent(share($0)) } ?? (isRoot && profile != nil ? Format.percent(1) : "")),
    ])
    for (number, child) in layer.children.enumerated() {
      let isLast = number == layer.children.count - 1
      append(
        child, prefix: below + (isLast ? branches.lastChild : branches.child),
        below: below + (isLast ? branches.gap : branches.line), branches, to: &table)
    }
  }

  // MARK: - For programs

  struct Object: Encodable {
    var model: String
    var batchNorm: Bool
    var dropout: Double
    var parameters: Int
    var forwardFLOPs: Int
    var backwardFLOPs: Int
    var layers: [Layer]
    /// As the daemon measured it, or left out.
    var profile: ProfileResponse?

    enum CodingKeys: String, CodingKey {
      case model, dropout, parameters, layers, profile
      case batchNorm = "batch_norm"
      case forwardFLOPs = "forward_flops"
      case backwardFLOPs = "backward_flops"
    }
  }

  struct Layer: Encodable {
    var name: String
    var operation: String
    var shape: [Int]
    var parameters: Int
    var forwardFLOPs: Int
    var backwardFLOPs: Int
    /// Of a step, in 0...1; left out if it is not known.
    var timeShare: Double?
    var layers: [Layer]

    enum CodingKeys: String, CodingKey {
      case name, operation, shape, parameters, layers
      case forwardFLOPs = "forward_flops"
      case backwardFLOPs = "backward_flops"
      case timeShare = "time_share"
    }
  }

  var object: Object {
    let root = object(of: description.root)
    return Object(
      model: description.model.rawValue, batchNorm: description.batchNorm, dropout: description.dropout,
      parameters: root.parameters, forwardFLOPs: root.forwardFLOPs, backwardFLOPs: root.backwardFLOPs,
      layers: root.layers, profile: profile)
  }

  private func object(of layer: LayerDescription) -> Layer {
    Layer(
      name: layer.name, operation: layer.operation, shape: layer.shape, parameters: layer.parameters,
      forwardFLOPs: layer.forwardFLOPs, backwardFLOPs: layer.backwardFLOPs,
      timeShare: microseconds(of: layer).map(share), layers: layer.children.map(object))
  }
}
