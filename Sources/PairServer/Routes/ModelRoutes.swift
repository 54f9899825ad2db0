import Dispatch
import Hummingbird
import PairAPI
import PairCore
import PairTraining

extension APIServer {
  /// Profiles one after the other, so that none measures another, and so that those that wait hold no thread.
  private static let profiles = DispatchQueue(label: "pairnet.profile")
  /// Long enough for a hundred steps, short enough not to be missed by the workers.
  private static let profileDuration = Duration.milliseconds(100)

  func addModels(to table: inout RouteTable) {
    table.get(.profile) { (query: ProfileQuery, context) in
      try await profile(of: QueryItem.percentDecoded(context.parameters.get("model") ?? ""), query)
    }
  }

  /// Trains for a moment beside the workers and says where the time went.
  private func profile(of name: String, _ query: ProfileQuery) async throws -> ProfileResponse {
    guard let model = Model(rawValue: name) else {
      throw APIError.notFound("there is no model '\(name)'; \(Parameter.model.allowed)")
    }
    return try await Blocking.run(on: Self.profiles) {
      let profile = StepProfile.measure(
        model: model, batchNorm: query.batchNorm, dropout: query.dropout, for: Self.profileDuration)
      return ProfileResponse(profile, of: model, query, on: facts.provenance.instructionSet)
    }
  }
}

extension ProfileResponse {
  init(_ profile: StepProfile, of model: Model, _ query: ProfileQuery, on instructionSet: String) {
    self.init(
      model: model, batchNorm: query.batchNorm, dropout: query.dropout, instructionSet: instructionSet,
      batchSize: profile.batchSize, steps: profile.steps, stepMicroseconds: profile.stepSeconds * 1e6,
      rows: profile.rows.map { Row(layer: $0.layer, operation: $0.operation.name, microseconds: $0.seconds * 1e6) })
  }
}
