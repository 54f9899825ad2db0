import PairCore
import Testing

@Suite("The size of a sample")
struct SampleSizeTests {
  @Test(
    "A part is rounded up, and there are never more than all",
    arguments: [
      ("2%", 1_000, 20), ("2%", 1_001, 21), ("0.1%", 5, 1), ("100%", 7, 7), ("2%", 0, 0), (" 20 ", 100, 20),
      ("20", 5, 5),
    ])
  func count(text: String, total: Int, count: Int) throws {
    #expect(try SampleSize(parsing: text).count(of: total) == count)
  }

  @Test("What is neither a number nor a part is refused", arguments: ["", "0", "-1", "0%", "101%", "%", "two", "nan%"])
  func refused(text: String) {
    let error = #expect(throws: SpecError.self) { try SampleSize(parsing: text) }
    #expect(error?.key == "sample" && error?.value == text)
  }

  @Test("It is written as it is read", arguments: ["20", "2%", "0.5%"])
  func description(text: String) throws {
    #expect(try SampleSize(parsing: text).description == text)
  }
}
