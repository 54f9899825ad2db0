import PairCore
import Testing

@Suite("Mistyped names")
struct NearNameTests {
  @Test(
    "A name with few slips is recognised, whatever its case",
    arguments: [
      ("modle", "model"), ("sede", "seed"), ("Learning_Rat", "learning_rate"), ("batchnorm", "batch_norm"),
      ("dropuot", "dropout"), ("epoch", "epochs"),
    ])
  func near(text: String, meant: String) {
    #expect(NearName.of(text, among: Parameter.all.map(\.key)) == meant)
  }

  @Test("What is no slip of a name is not taken for one", arguments: ["", "x", "f1", "colour", "weight_decay"])
  func far(text: String) { #expect(NearName.of(text, among: Parameter.all.map(\.key)) == nil) }
}
