import PairAPI
import PairCore
import Testing

@testable import PairServer

@Suite("The API's profiles")
struct ProfileRouteTests {
  @Test("A profile is of the network that was asked for, and names all its layers")
  func profile() async throws {
    let query = ProfileQuery(batchNorm: true, dropout: 0.2)
    let answer: ProfileResponse = try await RouterFixture().get(
      .profile(model: "BaseNetWeightShareAux"), query.queryItems
    ).decode()
    #expect(answer.model == .baseNetWeightShareAux && answer.batchNorm && answer.dropout == 0.2)
    #expect(answer.instructionSet == "baseline" && answer.batchSize == 25 && answer.steps > 0)
    let description = NetworkDescription(model: answer.model, batchNorm: true, dropout: 0.2)
    #expect(
      Set(answer.rows.map(\.layer)).subtracting([""]) == Set(description.root.all.flatMap(\.engineNames)))
    #expect(answer.stepMicroseconds > 0 && answer.rows.allSatisfy { $0.microseconds > 0 })
  }
}
