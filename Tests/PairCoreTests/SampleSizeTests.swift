import PairCore
import Testing

@Suite("The size of a sample")
struct SampleSizeTests {
  @Test(
    "A part is rounded up, and there are never more than all",
    arguments: [
      ("2%", 1_000, 20), ("2%", 1_001, 21), ("0.1%", 5, 1), ("100%", 7, 7), ("2%", 0, 0), ("20", 100, 20),
      ("20", 5, 5), ("100.0%", 7, 7), ("99.9999%", 7, 7), ("0.0001%", 2_000_000, 2), ("999999999", 7, 7),
    ])
  func count(text: String, total: Int, count: Int) throws {
    #expect(try SampleSize(parsing: text).count(of: total) == count)
  }

  @Test(
    "What is neither a number nor a part is refused",
    arguments: [
      "", "0", "-1", "+1", "007", " 20 ", "20\n", "9999999999", "0%", "0.0000%", "101%", "100.1%", "1e-5%", "0x1p-3%",
      "%", "two", "nan%", "\u{663}",
    ])
  func refused(text: String) {
    let error = #expect(throws: SpecError.self) { try SampleSize(parsing: text) }
    #expect(error?.key == "sample" && error?.value == text)
  }

  @Test("It is written as it is read", arguments: ["20", "2%", "0.5%", "0.0001%", "99.9999%"])
  func description(text: String) throws {
    #expect(try SampleSize(parsing: text).description == text)
  }
}
