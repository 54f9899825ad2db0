import Testing

@testable import pairnetctl

@Suite("Numbers in tables")
struct FormatTests {
  @Test(
    "Decimals are rounded to the nearest, ties to even, and never end in minus zero",
    arguments: [
      (0.25, 1, "0.2"), (0.35, 1, "0.3"), (0.75, 1, "0.8"), (-0.04, 1, "0.0"), (-0.06, 1, "-0.1"), (2, 0, "2"),
      (1e21, 1, "1000000000000000000000.0"), (0.12345, 4, "0.1235"), (.infinity, 1, "inf"),
    ])
  func fixed(value: Double, decimals: Int, text: String) {
    #expect(Format.fixed(value, decimals: decimals) == text)
  }

  @Test("A fraction is shown as a percentage with one decimal")
  func percent() {
    #expect(Format.percent(0.8304) == "83.0")
    #expect(Format.percent(1) == "100.0")
    #expect(Format.percent(0.00049) == "0.0")
  }

  @Test(
    "Thousands are set apart", arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567")])
  func count(value: Int, text: String) { #expect(Format.count(value) == text) }

  @Test(
    "A span reads as on a clock",
    arguments: [(0, "0:00"), (7.4, "0:07"), (59.6, "1:00"), (754, "12:34"), (12_345, "3:25:45"), (-3, "0:00")])
  func clock(seconds: Double, text: String) { #expect(Format.clock(seconds: seconds) == text) }

  @Test(
    "Runs of ids are joined",
    arguments: [([], ""), ([7], "7"), ([1, 2, 3, 7], "1-3,7"), ([1, 3, 5, 6], "1,3,5-6")] as [([Int64], String)])
  func ranges(ids: [Int64], text: String) { #expect(Format.ranges(ids) == text) }

  @Test("Flags read as yes and no, and whole numbers have no point")
  func values() {
    #expect(Format.value(.flag(true)) == "yes")
    #expect(Format.value(.number(0)) == "0")
    #expect(Format.value(.number(0.2)) == "0.2")
    #expect(Format.value(.integer(30)) == "30")
  }

  @Test("Characters that a terminal would obey are replaced")
  func printable() {
    #expect(Format.printable("a\u{1B}[31mb\nc\u{9B}") == "a\u{FFFD}[31mb\u{FFFD}c\u{FFFD}")
    #expect(Format.printable("Größe ≤ 3") == "Größe ≤ 3")
  }
}
