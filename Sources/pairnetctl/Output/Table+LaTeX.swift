extension Table {
  /// Rows that a tabular may have: one more may not fit on a page, and the table becomes one that breaks.
  static let tabularRowsMax = 45

  /// A LaTeX table for the package booktabs: a tabular, or a longtable if it may not fit on a page. Columns that are
  /// empty in every row are left out, as in `aligned`.
  ///
  /// - Parameter remarks: sentences below it.
  func latex(remarks: [String] = []) -> String {
    let shown = filledColumns
    let isLong = rows.count > Self.tabularRowsMax
    func line(_ cells: [String]) -> String { "  \(cells.joined(separator: " & ")) \\\\\n" }
    let head =
      // Parameters are words to a reader of a paper.
      "  \\toprule\n" + line(shown.map { LaTeX.escaped(columns[$0].title.replacing("_", with: " ")) }) + "  \\midrule\n"
    let environment = isLong ? "longtable" : "tabular"
    var text = "% needs \\usepackage{booktabs}\(isLong ? " and \\usepackage{longtable}" : "")\n"
    if !isLong {
      text += "% too wide? \\resizebox{\\linewidth}{!}{...} around the tabular, with \\usepackage{graphicx}\n"
    }
    text += "\\begin{\(environment)}{@{}\(shown.map { columns[$0].alignment == .trailing ? "r" : "l" }.joined())@{}}\n"
    text += head + (isLong ? "  \\endhead\n  \\bottomrule\n  \\endfoot\n" : "")
    for row in rows { text += line(shown.map { LaTeX.escaped(row[$0].text) }) }
    text += "\(isLong ? "" : "  \\bottomrule\n")\\end{\(environment)}\n"
    for remark in remarks { text += "\\par\\smallskip{\\footnotesize \(LaTeX.escaped(remark))\\par}\n" }
    return text
  }
}

enum LaTeX {
  /// `text` with nothing in it that LaTeX would obey, and with its own commands for what is not ASCII.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    var previous: Character?
    for (index, character) in zip(text.indices, text) {
      switch character {
      case "\\": escaped += "\\textbackslash{}"
      case "_", "%", "&", "#", "$", "{", "}": escaped += "\\\(character)"
      case "~": escaped += "\\textasciitilde{}"
      case "^": escaped += "\\textasciicircum{}"
      case "<": escaped += "\\textless{}"
      case ">": escaped += "\\textgreater{}"
      case "|": escaped += "\\textbar{}"
      case "±": escaped += "$\\pm$"
      // Dots between numbers look like a list.
      case "…": escaped += "to"
      case "–": escaped += "--"
      // A bracket behind the end of a row would be read as its argument.
      case "[", "]": escaped += "{\(character)}"
      case "*": escaped += "{*}"
      // A number's sign is a minus, not a hyphen; and two hyphens are not to become a dash.
      case "-":
        let next = text.index(after: index) < text.endIndex ? text[text.index(after: index)] : nil
        if previous ?? " " == " ", next?.isNumber == true || next == " " && previous == " " {
          escaped += "$-$"
        } else {
          escaped += previous == "-" ? "{}-" : "-"
        }
      default: escaped.append(character)
      }
      previous = character
    }
    return escaped
  }
}
