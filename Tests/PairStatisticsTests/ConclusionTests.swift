import PairStatistics
import Testing

@Suite("Conclusions in plain sentences")
struct ConclusionTests {
  let base = [0.826, 0.841, 0.818, 0.809, 0.833, 0.829, 0.842, 0.821, 0.830, 0.815]
  let auxiliary = [0.921, 0.927, 0.931, 0.918, 0.925, 0.934, 0.929, 0.915, 0.928, 0.922]

  func conclusion(
    _ first: [Double], _ second: [Double], measure: Measure = .accuracy, family: Family? = nil
  ) -> Conclusion {
    Conclusion(
      Comparison(pairs: Array(zip(first, second))), first: "A", second: "B", measure: measure, family: family)
  }

  @Test("A clear difference names the better setting, by how much and how it is known")
  func clear() {
    let result = conclusion(auxiliary, base)
    #expect(result.verdict == .firstIsBetter)
    #expect(
      result.description
        == "A is better than B by 9.9 points (95 % interval 9.2 to 10.5; paired by 10 shared seeds; p < 0.0001).")
  }

  @Test("The sentence is told from the better side, whichever was named first")
  func swapped() {
    let result = conclusion(base, auxiliary)
    #expect(result.verdict == .secondIsBetter)
    #expect(
      result.description
        == "B is better than A by 9.9 points (95 % interval 9.2 to 10.5; paired by 10 shared seeds; p < 0.0001).")
  }

  @Test("Of a loss the lower one is the better")
  func loss() {
    let result = conclusion([0.2, 0.3, 0.1], [1.2, 1.4, 1.3], measure: .loss)
    #expect(result.verdict == .firstIsBetter)
    #expect(
      result.description
        == "A is better than B by 1.100 (95 % interval 0.852 to 1.348; paired by 3 shared seeds; p = 0.003).")
  }

  @Test("What is not shown is not said, but how much room is left is")
  func undecided() {
    let second = [0.831, 0.835, 0.826, 0.802, 0.836, 0.822, 0.848, 0.823, 0.821, 0.816]
    let result = conclusion(base, second)
    #expect(result.verdict == .undecided)
    #expect(
      result.description
        == "No difference between A and B is shown: their means differ by less than 0.1 points "
        + "(95 % interval -0.4 to 0.5; paired by 10 shared seeds; p = 0.84). A may be better by up to 0.5 points or worse by up to 0.4 points."
    )
  }

  @Test("Holm's correction decides, and its sentence says what the comparison alone would have said")
  func holm() {
    let second = base.enumerated().map { $1 - ($0.isMultiple(of: 3) ? -0.002 : 0.010) }
    let alone = conclusion(base, second)
    #expect(alone.verdict == .firstIsBetter)
    let adjusted = conclusion(base, second, family: .init(comparisons: 4, adjustedP: 0.21))
    #expect(adjusted.verdict == .undecided)
    #expect(
      adjusted.description
        == "No difference between A and B is shown: A is ahead by 0.5 points (95 % interval 0.1 to 1.0; "
        + "paired by 10 shared seeds; p = 0.21 after Holm over 4 comparisons, p = 0.026 alone). "
        + "The interval alone leaves 0 out, but it does not account for the other comparisons.")
  }

  @Test("Equal values in every pair are said to be equal, not tested")
  func identical() {
    let result = conclusion(base, base)
    #expect(result.verdict == .identical)
    #expect(result.description == "A and B gave the same value for each of 10 shared seeds.")
    let unpaired = Conclusion(
      Comparison(independent: [0.9, 0.9], [0.9, 0.9, 0.9]), first: "A", second: "B", measure: .accuracy)
    #expect(unpaired.verdict == .identical)
    #expect(unpaired.description == "All 2 runs of A and all 3 of B gave the same value.")
  }

  @Test("The same difference in every pair is tested by its signs, though subtraction rounds it differently each time")
  func constant() {
    let result = conclusion(base.map { $0 + 0.01 }, base)
    #expect(result.verdict == .firstIsBetter)
    #expect(
      result.description
        == "A is better than B by exactly 1.0 points in every pair "
        + "(paired by 10 shared seeds; sign-flip permutation test (exact); p = 0.002).")
    let few = conclusion([0.91, 0.92, 0.93], [0.90, 0.91, 0.92])
    #expect(few.verdict == .undecided)
  }

  @Test("One run shows no spread, and so nothing")
  func single() {
    let paired = conclusion([0.91], [0.90])
    #expect(paired.verdict == .tooFewRuns)
    #expect(
      paired.description
        == "A and B share one seed: A is ahead by 1.0 points, but a single run shows no spread, "
        + "so nothing can be concluded.")
    let unpaired = Conclusion(
      Comparison(independent: [0.91], [0.9, 0.92, 0.94]), first: "A", second: "B", measure: .accuracy)
    #expect(unpaired.verdict == .tooFewRuns)
    #expect(
      unpaired.description
        == "A has 1 run and B 3 runs: B is ahead by 1.0 points, but a single run shows no spread, "
        + "so nothing can be concluded.")
  }

  @Test("An unpaired comparison says that it is, and why")
  func unpaired() {
    let first = Dictionary(uniqueKeysWithValues: zip(1..., auxiliary))
    let second = Dictionary(uniqueKeysWithValues: zip(10..., base))
    let result = Conclusion(Comparison(bySeed: first, second), first: "A", second: "B", measure: .accuracy)
    #expect(
      result.description
        == "A is better than B by 9.9 points (95 % interval 9.0 to 10.7; "
        + "unpaired, 10 runs against 10, only 1 of whose seeds is shared; p < 0.0001).")
  }

  @Test("A published mean is called different or not")
  func published() {
    let report = Moments(n: 10, mean: 0.821, standardDeviation: 0.009)
    let near = PublishedConclusion(
      ours: Moments(n: 10, mean: 0.826, standardDeviation: 0.014), theirs: report, published: "the report",
      measure: .accuracy)
    #expect(
      near.description
        == "Ours 82.6 ± 1.4 (n = 10), the report 82.1 ± 0.9 (n = 10): no difference is shown "
        + "(difference 0.5, 95 % interval -0.6 to 1.6, p = 0.36).")
    let far = PublishedConclusion(
      ours: Moments(n: 30, mean: 0.80, standardDeviation: 0.014), theirs: report, published: "the report",
      measure: .accuracy)
    #expect(far.description.contains("ours is lower by 2.1 points (difference -2.1, 95 % interval"))
    let constant = PublishedConclusion(
      ours: Moments(n: 2, mean: 0.8, standardDeviation: 0), theirs: Moments(n: 2, mean: 0.9, standardDeviation: 0),
      published: "the report", measure: .accuracy)
    #expect(constant.p == nil)
    #expect(constant.description.hasSuffix("not the same, and neither has any spread to test by."))
  }

  @Test("How many more seeds is told with and without assurance")
  func sampleSize() throws {
    let pilot = try #require(Summary(of: base))
    let narrow = try #require(SampleSize(halfWidth: 0.005, pilot: pilot))
    #expect(
      narrow.sentence(measure: .accuracy)
        == "For ± 0.5 points: 11 more seeds, 21 in all; to be 80 % sure of it, 33 in all.")
    let wide = try #require(SampleSize(halfWidth: 0.02, pilot: pilot))
    #expect(
      wide.sentence(measure: .accuracy)
        == "For ± 2.0 points the 10 seeds there are suffice; to be 80 % sure of it, 5 in all.")
  }

  @Test(
    "A wanted width is printed with the digits it was asked with",
    arguments: [
      (1.0, "± 1.0 points"), (0.5, "± 0.5 points"), (0.25, "± 0.25 points"), (0.07, "± 0.07 points"),
      (0.001, "± 0.001 points"), (12, "± 12.0 points"),
    ])
  func aim(points: Double, text: String) {
    // As the command line's points become a fraction.
    #expect(Measure.accuracy.aim(points / 100) == text)
    #expect(Measure.seconds.aim(0.125) == "± 0.125 s" && Measure.loss.aim(1) == "± 1.000")
  }

  @Test(
    "p values are printed so that their side of 0.05 is seen",
    arguments: [
      (0.9999, "p = 1.00"), (0.35, "p = 0.35"), (0.0512, "p = 0.051"), (0.0504, "p = 0.0504"), (0.0496, "p = 0.0496"),
      (0.012, "p = 0.012"), (0.00034, "p = 0.0003"), (0.00009, "p < 0.0001"), (0, "p < 0.0001"),
    ])
  func pValues(p: Double, text: String) {
    #expect(pValueText(p) == text)
  }

  @Test(
    "Decimals are rounded correctly and zero has no sign",
    arguments: [
      (0.125, 2, "0.12"), (0.375, 2, "0.38"), (-0.04, 1, "0.0"), (-1.05, 1, "-1.1"),
      (1e21, 0, "1000000000000000000000"),
    ])
  func decimals(value: Double, places: Int, text: String) {
    #expect(decimalText(value, places: places) == text)
  }
}
