import PairAPI
import PairCore
import Testing

@testable import pairnetctl

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("explain")
struct ExplainTests {
  private static let description = NetworkDescription(model: .baseNetWeightShareAux, batchNorm: true, dropout: 0.2)

  /// A profile with a round number for each part.
  private static let profile = ProfileResponse(
    model: .baseNetWeightShareAux, batchNorm: true, dropout: 0.2, instructionSet: "avx512", batchSize: 25, steps: 99,
    stepMicroseconds: 1000,
    rows: [
      .init(layer: "tower1.conv1", operation: "forward", microseconds: 100),
      .init(layer: "tower1.conv1", operation: "weight gradient", microseconds: 50),
      .init(layer: "tower1.conv2", operation: "forward", microseconds: 500),
      .init(layer: "norms1.bn2", operation: "forward", microseconds: 30),
      .init(layer: "norms2.bn2", operation: "backward", microseconds: 40),
      .init(layer: "fc3", operation: "update", microseconds: 20),
      .init(layer: "loss", operation: "loss", microseconds: 10),
      .init(layer: "", operation: "relu", microseconds: 5), .init(layer: "", operation: "dropout", microseconds: 45),
    ])

  /// `PAIRNET_UPDATE_GOLDEN=1` writes the file anew: look at it.
  @Test("The tree is drawn as it was looked at and found good", arguments: ["time", "plain", "ascii"])
  func golden(name: String) throws {
    let report = ExplainReport(Self.description, profile: name == "plain" ? nil : Self.profile)
      .report(branches: name == "ascii" ? .ascii : .lines)
    let drawn = report.table.aligned(styled: false) + report.remarks.map { "\($0)\n" }.joined()
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let file = URL(filePath: "\(folder)/Golden/explain-\(name).txt")
    if ProcessInfo.processInfo.environment["PAIRNET_UPDATE_GOLDEN"] == "1" { try Data(drawn.utf8).write(to: file) }
    #expect(drawn == String(decoding: try Data(contentsOf: file), as: UTF8.self))
    if name == "ascii" { #expect(drawn.utf8.allSatisfy { $0 < 128 }) }
  }

  @Test("A part's time is that of all layers below it, of both digits")
  func times() throws {
    let report = ExplainReport(Self.description, profile: Self.profile)
    let layers = Self.description.root.all
    func time(_ name: String) throws -> Double? {
      report.microseconds(of: try #require(layers.first { $0.name == name }))
    }
    let times: [String: Double?] = [
      "conv1": 150, "bn2": 70, "tower": 720, "head": 20, "loss": 10, "pool1": nil, "digit losses": nil,
    ]
    for (name, expected) in times { #expect(try time(name) == expected, "\(name)") }
  }

  @Test("JSON has the same numbers under the names of the API")
  func json() throws {
    let text = try JSON.pretty(ExplainReport(Self.description, profile: Self.profile).object)
    let plain = try JSON.pretty(ExplainReport(Self.description, profile: nil).object)
    #expect(text.contains("\"parameters\" : 78452") && text.contains("\"time_share\" : 0.72"))
    #expect(text.contains("\"forward_flops\"") && text.contains("\"instruction_set\" : \"avx512\""))
    #expect(!plain.contains("time_share"))
  }

  @Test("The daemon is asked for the network that is explained")
  func route() throws {
    let query = ProfileQuery(batchNorm: true, dropout: 0.2)
    #expect(
      Route.profile(model: "BaseNet").target(query.queryItems)
        == "/v1/models/BaseNet/profile?batch_norm=true&dropout=0.2")
    #expect(try ProfileQuery("batch_norm=true&dropout=0.2") == query)
  }

  @Test(
    "A query that is no one network is refused by name",
    arguments: [
      ("batch_norm=both", "batch_norm"), ("dropout=1", "dropout"), ("dropout=0,0.5", "dropout"), ("seed=1", "seed"),
    ])
  func refusal(text: String, key: String) {
    let error = #expect(throws: SpecError.self) { try ProfileQuery(text) }
    #expect(error?.key == key)
  }

  @Test("A model that there is not is a usage error that lists them")
  func unknownModel() throws {
    let command = try #require(try Pairnetctl.parseAsRoot(["explain", "LeNet", "--no-time"]) as? Explain)
    let failure = #expect(throws: Failure.self) { try command.run() }
    #expect(failure?.status == .usage && failure?.message.contains("'LeNet'") == true)
    #expect(failure?.message.contains("BaseNetWeightShareAux") == true)
  }
}
