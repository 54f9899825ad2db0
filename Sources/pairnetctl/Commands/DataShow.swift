import ArgumentParser
import PairAPI
import PairCore

extension PairsQuery.Split: ExpressibleByArgument {}

struct DataShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Draw pairs of digits in the terminal, as a job of that seed sees them.",
    discussion: """
      Each pair is two images of 14 x 14 pixels, with their digits and the target:
      1 if the first digit is at most the second. Without colours (NO_COLOR, a pipe)
      the images are drawn with characters.

      EXAMPLES:
        pairnetctl data show
        pairnetctl data show --dataset synthetic --seed 3 --count 12 --split test
      """)

  @Option(help: "The dataset's name, as 'pairnetctl data list' shows it.")
  var dataset = "mnist"

  @Option(help: "The seed that draws the pairs.")
  var seed: Int64 = 1

  @Option(help: "How many of the first pairs, 1-\(Limits.pairsMax).")
  var count = 8

  @Option(help: "Which of the pairs: those to train on or those to test on.")
  var split = PairsQuery.Split.train

  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    guard seed >= 0 else { throw ValidationError("--seed: '\(seed)' is not allowed; \(Parameter.seed.allowed)") }
    guard (1...Limits.pairsMax).contains(count) else {
      throw ValidationError("--count: '\(count)' is not allowed; give an integer from 1 to \(Limits.pairsMax)")
    }
  }

  func run() throws {
    do { _ = try Parameter.dataset.checked(.text(dataset)) } catch { throw Failure(error) }
    let query = PairsQuery(seed: seed, count: count, split: split)
    let answer: PairsResponse = try connection.client.get(.pairs(dataset: dataset), query.queryItems)
    let drawing = PairDrawing(terminal: .output)
    guard answer.pairs.allSatisfy(PairDrawing.canDraw) else {
      throw Failure(.failed, "the daemon's answer cannot be drawn: an image has not 14 x 14 pixels")
    }
    Standard.output.write(drawing.text(answer.pairs))
  }
}
