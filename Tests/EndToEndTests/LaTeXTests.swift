import Glibc
import PairAPI
import PairCore
import Testing

@testable import pairnetctl

/// What is meant for papers, through LaTeX itself.
@Suite("LaTeX")
struct LaTeXTests {
  static let hasLaTeX = (getenv("PATH").map { String(cString: $0) } ?? "/usr/bin").split(separator: ":").contains {
    access("\($0)/pdflatex", X_OK) == 0
  }

  /// Everything that LaTeX would obey, or read as something else.
  private static let hostile = #"a_b 50% {x} [y] $z$ #1 \cmd ^~ <q|r> & "s" `t' -1 a--b ± … – é *"#

  private static var table: Table {
    var table = Table(columns: [.text("name_of"), .number("95 % interval"), .text("empty")])
    table.append([Table.Cell(hostile), "-2.0 … +5.6", ""])
    table.append(["[first]", "–", ""])
    table.append(["*", "<0.0001", ""])
    return table
  }

  private static var long: Table {
    var table = table
    for row in 1...100 { table.append([Table.Cell("row \(row)"), Table.Cell(String(-row)), ""]) }
    return table
  }

  /// The documents, as somebody writes them who does what the first line of a table says.
  private static var documents: [(name: String, body: String)] {
    [
      (
        "float",
        "\\begin{table}\\centering\\caption{c}\n\(table.latex(remarks: ["50 % of {a_b}", hostile]))\\end{table}\n"
      ),
      ("text", "Before.\n\n\(table.latex())\nAfter.\n"), ("long", long.latex(remarks: [hostile])),
    ]
  }

  @Test(
    "Tables of any text compile without errors, warnings or unknown characters",
    .enabled(if: hasLaTeX, "needs pdflatex (Debian: texlive-latex-recommended)"), arguments: 0..<3)
  func compiles(index: Int) throws {
    let (name, body) = Self.documents[index]
    var template = Array("/tmp/pairnet-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { _ = try? Program(["/bin/rm", "-rf", directory], environment: [:], filesIn: "/tmp").wait() }
    // The packages are those that the table itself asks for.
    let packages = body.matches(of: #/\\usepackage\{[a-z]+\}/#).map { String($0.output) }
    try WholeFile.write(
      "\\documentclass{article}\n\(Set(packages).sorted().joined(separator: "\n"))\n\\begin{document}\n\(body)"
        + "\\end{document}\n", to: "\(directory)/\(name).tex")
    let output = try Program(
      [
        "/bin/sh", "-c",
        "cd \(directory) && pdflatex -interaction=nonstopmode -halt-on-error \(name).tex && "
          + "pdflatex -interaction=nonstopmode -halt-on-error \(name).tex",
      ], environment: ["PATH": String(cString: getenv("PATH")), "HOME": directory], filesIn: directory
    ).wait()
    #expect(output.status == 0, "\(output)")
    let log = String(decoding: try WholeFile.read("\(directory)/\(name).log"), as: UTF8.self)
    for complaint in ["LaTeX Warning", "Missing character", "Undefined control"] {
      #expect(!log.contains(complaint), "\(log)")
    }
    let pages = log.contains("Output written on \(name).pdf (1 page")
    #expect(pages == (name != "long"), "a table of 103 rows breaks over pages")
  }

  @Test("A minus is a minus, an interval has a word in it, and two hyphens stay two")
  func signs() {
    #expect(LaTeX.escaped("-2.0 … +5.6") == "$-$2.0 to +5.6")
    #expect(LaTeX.escaped("A - B, a--b, 1-3, -x") == "A $-$ B, a-{}-b, 1-3, -x")
    #expect(LaTeX.escaped("a|b") == "a\\textbar{}b")
  }

  @Test("A table that fits no page is a longtable, and says that it needs the package")
  func longTable() {
    #expect(Self.long.latex().hasPrefix("% needs \\usepackage{booktabs} and \\usepackage{longtable}\n"))
    #expect(Self.long.latex().contains("\\endhead") && !Self.table.latex().contains("longtable"))
    // The empty column is left out.
    #expect(Self.table.latex().contains("\\begin{tabular}{@{}lr@{}}\n  \\toprule\n  name of & 95 \\% interval \\\\\n"))
  }
}
