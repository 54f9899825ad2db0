import PairCore

/// The query of GET /v1/models/{model}/profile.
package struct ProfileQuery: RequestQuery, Hashable {
  package static let names = [Parameter.batchNorm.key, Parameter.dropout.key]

  package var batchNorm: Bool
  /// The probability, in [0, 1).
  package var dropout: Double

  package init(batchNorm: Bool = false, dropout: Double = 0) {
    self.batchNorm = batchNorm
    self.dropout = dropout
  }

  package var queryItems: [QueryItem] {
    [QueryItem(Parameter.batchNorm.key, String(batchNorm)), QueryItem(Parameter.dropout.key, String(dropout))]
  }

  package init(taking query: inout [QueryItem]) throws(SpecError) {
    batchNorm = try Self.value(.batchNorm, &query) == .flag(true)
    guard case .number(let dropout) = try Self.value(.dropout, &query) else { preconditionFailure("it is checked") }
    self.dropout = dropout
  }

  /// The one value of a parameter.
  private static func value(
    _ parameter: Parameter, _ query: inout [QueryItem]
  ) throws(SpecError) -> ParameterValue {
    guard let item = query.take(parameter.key) else { return parameter.defaultValue }
    let values = try parameter.values(listedIn: item.value)
    guard values.count == 1 else {
      throw SpecError(key: parameter.key, value: item.value, allowed: "\(parameter.allowed), and only one")
    }
    return values[0]
  }
}

/// GET /v1/models/{model}/profile: where the time of a training's step goes on the daemon's machine.
package struct ProfileResponse: Codable, Hashable, Sendable {
  /// What a layer's kernels of one kind take in a step.
  package struct Row: Codable, Hashable, Sendable {
    /// As in the engine's names of tensors; empty for ReLU and dropout, and "loss" for the losses.
    package var layer: String
    /// Such as "forward" or "weight gradient".
    package var operation: String
    package var microseconds: Double
    package init(layer: String, operation: String, microseconds: Double) {
      self.layer = layer
      self.operation = operation
      self.microseconds = microseconds
    }
  }

  package var model: Model
  package var batchNorm: Bool
  package var dropout: Double
  package var instructionSet: String
  package var batchSize: Int
  /// How many steps the medians are of.
  package var steps: Int
  /// A whole step.
  package var stepMicroseconds: Double
  package var rows: [Row]

  package init(
    model: Model, batchNorm: Bool, dropout: Double, instructionSet: String, batchSize: Int, steps: Int,
    stepMicroseconds: Double, rows: [Row]
  ) {
    self.model = model
    self.batchNorm = batchNorm
    self.dropout = dropout
    self.instructionSet = instructionSet
    self.batchSize = batchSize
    self.steps = steps
    self.stepMicroseconds = stepMicroseconds
    self.rows = rows
  }

  enum CodingKeys: String, CodingKey {
    case model, dropout, steps, rows
    case batchNorm = "batch_norm"
    case instructionSet = "instruction_set"
    case batchSize = "batch_size"
    case stepMicroseconds = "step_microseconds"
  }
}
