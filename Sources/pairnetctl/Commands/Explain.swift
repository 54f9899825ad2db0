import ArgumentParser
import PairAPI
import PairCore

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a network as a tree: shapes, parameters, FLOPs and where the time goes.",
    discussion: """
      FLOPs are of one pair: two a multiply-add of a dense direct convolution or
      matrix product, forward and backward. The daemon measures the time by training
      for a tenth of a second; without a daemon the rest of the table is shown.

      EXAMPLES:
        pairnetctl explain BaseNetWeightShareAux --batch-norm --dropout 0.2
        pairnetctl explain BaseNet -o json | jq .parameters
      """)

  @Argument(
    help: ArgumentHelp("One of \(Model.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "model"),
    completion: .list(Model.allCases.map(\.rawValue)))
  var model: String

  @Flag(help: "With batch normalisation.")
  var batchNorm = false

  @Option(help: "The probability that a unit is dropped in training, in [0, 1).")
  var dropout = 0.0

  @Flag(help: "Do not ask the daemon where the time goes.")
  var noTime = false

  @Option(name: [.customShort("o"), .long], help: "table for people, json for programs.")
  var output: ExplainFormat = .table

  enum ExplainFormat: String, CaseIterable, ExpressibleByArgument { case table, json }

  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func run() throws {
    let description = try description()
    let report = ExplainReport(description, profile: try profile(description))
    switch output {
    case .json: Standard.output.write(try JSON.pretty(report.object))
    case .table: report.report(branches: Terminal.output.showsUnicode ? .lines : .ascii).write()
    }
  }

  private func description() throws(Failure) -> NetworkDescription {
    guard let model = Model.allCases.first(where: { $0.rawValue.lowercased() == model.lowercased() }) else {
      throw Failure(.usage, "model: '\(model)' is not allowed; \(Parameter.model.allowed)")
    }
    do { _ = try Parameter.dropout.checked(.number(dropout)) } catch { throw Failure(error) }
    return NetworkDescription(model: model, batchNorm: batchNorm, dropout: dropout)
  }

  /// Where the time goes, or nil with a remark if no daemon answers.
  private func profile(_ description: NetworkDescription) throws(Failure) -> ProfileResponse? {
    if noTime { return nil }
    let query = ProfileQuery(batchNorm: batchNorm, dropout: dropout)
    do throws(Failure) {
      return try connection.client.get(.profile(model: description.model.rawValue), query.queryItems)
    } catch {
      guard error.status == .unreachable else { throw error }
      note("no column of times: \(error.message.prefix { $0 != "\n" })")
      return nil
    }
  }
}
