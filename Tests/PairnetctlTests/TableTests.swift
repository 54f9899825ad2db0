import Testing

@testable import pairnetctl

@Suite("Tables")
struct TableTests {
  private var table: Table {
    var table = Table(columns: [.number("job"), .text("state"), .number("acc %"), .text("reason")])
    table.append([Table.Cell("7"), Table.Cell("succeeded", .good), Table.Cell("83.0"), Table.Cell("")])
    table.append([Table.Cell("12"), Table.Cell("failed", .bad), Table.Cell(""), Table.Cell("a | b")])
    return table
  }

  @Test("Numbers are right-aligned, texts left-aligned, and no line ends in a space")
  func aligned() {
    #expect(
      table.aligned(styled: false) == """
        job  state      acc %  reason
          7  succeeded   83.0
         12  failed            a | b

        """)
  }

  @Test("Colours do not move a column")
  func styled() {
    let plain = table.aligned(styled: false)
    let styled = table.aligned(styled: true)
    #expect(styled.contains("\u{1B}[32msucceeded\u{1B}[0m"))
    #expect(styled.replacing(#/\u{1B}\[\d*m/#, with: "") == plain)
  }

  @Test("A column that is empty in every row is left out")
  func emptyColumn() {
    var table = Table(columns: [.text("a"), .number("b"), .text("c")])
    table.append(["1", "", "2"])
    #expect(table.aligned(styled: false) == "a  c\n1  2\n")
    #expect(table.markdown() == "| a | c |\n| :--- | :--- |\n| 1 | 2 |\n")
  }

  @Test("Markdown aligns by its second line and escapes bars")
  func markdown() {
    #expect(
      table.markdown() == #"""
        | job | state | acc % | reason |
        | ---: | :--- | ---: | :--- |
        | 7 | succeeded | 83.0 |  |
        | 12 | failed |  | a \| b |

        """#)
  }

  @Test("CSV quotes what holds a comma, a quote or a line break, and ends records with CRLF")
  func csv() {
    var csv = CSV(header: ["name", "reason"])
    csv.append(["plain", "a,b"])
    csv.append(["say \"x\"", "two\r\nlines"])
    #expect(csv.rendered() == "name,reason\r\nplain,\"a,b\"\r\n\"say \"\"x\"\"\",\"two\r\nlines\"\r\n")
  }

  @Test(
    "CSV numbers read back as the same double", arguments: [0.1 + 0.2, 1.0 / 3, Double.leastNonzeroMagnitude, 0.83])
  func csvNumber(value: Double) { #expect(Double(CSV.number(value)) == value) }
}

@Suite("What a terminal can show")
struct TerminalTests {
  private func terminal(isTerminal: Bool = true, _ variables: [String: String]) -> Terminal {
    Terminal(isTerminal: isTerminal, columns: 80) { variables[$0] }
  }

  @Test("NO_COLOR, a dumb terminal and a pipe have no colours; an empty NO_COLOR means nothing")
  func color() {
    #expect(terminal(["TERM": "xterm"]).color == .palette256)
    #expect(terminal(["TERM": "xterm", "COLORTERM": "truecolor"]).color == .trueColor)
    #expect(terminal(["TERM": "xterm", "NO_COLOR": ""]).color == .palette256)
    #expect(terminal(["TERM": "xterm", "NO_COLOR": "1"]).color == .none)
    #expect(terminal(["TERM": "dumb"]).color == .none)
    #expect(terminal([:]).color == .none)
    #expect(terminal(isTerminal: false, ["TERM": "xterm"]).color == .none)
  }

  @Test("The first locale variable that is set decides the encoding; a pipe gets UTF-8 anyway")
  func encoding() {
    #expect(terminal(["LANG": "de_CH.UTF-8"]).isUTF8)
    #expect(terminal(["LANG": "C.utf8"]).showsUnicode)
    #expect(!terminal(["LANG": "de_CH.UTF-8", "LC_ALL": "C"]).showsUnicode)
    #expect(!terminal([:]).showsUnicode)
    #expect(terminal(isTerminal: false, [:]).showsUnicode)
  }
}
