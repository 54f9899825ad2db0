/// A table for people: aligned on a terminal, or in Markdown.
struct Table: Hashable {
  enum Alignment: Hashable { case leading, trailing }

  struct Column: Hashable {
    var title: String
    var alignment: Alignment

    static func text(_ title: String) -> Column { Column(title: title, alignment: .leading) }
    static func number(_ title: String) -> Column { Column(title: title, alignment: .trailing) }
  }

  struct Cell: Hashable, ExpressibleByStringInterpolation {
    var text: String
    var style: Style = .plain

    init(_ text: String, _ style: Style = .plain) {
      self.text = text
      self.style = style
    }

    init(stringLiteral value: String) { self.init(value) }
  }

  var columns: [Column]
  private(set) var rows: [[Cell]] = []

  init(columns: [Column]) { self.columns = columns }

  mutating func append(_ cells: [Cell]) {
    precondition(cells.count == columns.count, "a row has a cell for every column")
    rows.append(cells.map { Cell(Format.printable($0.text), $0.style) })
  }

  /// The columns that are not empty in every row: a reason that nobody has takes no room.
  var filledColumns: [Int] {
    columns.indices.filter { column in rows.isEmpty || rows.contains { !$0[column].text.isEmpty } }
  }

  /// The lines, columns two spaces apart, nothing at the end of a line.
  ///
  /// Columns that are empty in every row are left out, unless the `whole` table is wanted.
  func aligned(styled: Bool, whole: Bool = false) -> String {
    let shown = whole ? Array(columns.indices) : filledColumns
    let widths = shown.map { column in rows.reduce(columns[column].title.count) { max($0, $1[column].text.count) } }
    func line(_ cells: [Cell]) -> String {
      var line = ""
      var gap = 0
      for (column, width) in zip(shown, widths) {
        let cell = cells[column]
        let padding = width - cell.text.count
        if columns[column].alignment == .trailing { gap += padding }
        if !cell.text.isEmpty {
          line += String(repeating: " ", count: gap) + (styled ? cell.style.applied(to: cell.text) : cell.text)
          gap = 0
        }
        if columns[column].alignment == .leading { gap += padding }
        gap += 2
      }
      return line + "\n"
    }
    return ([columns.map { Cell($0.title, .bold) }] + rows).map(line).joined()
  }

  /// A GitHub-flavoured Markdown table, without columns that are empty in every row.
  func markdown() -> String {
    func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }
    func escaped(_ text: String) -> String { text.replacing("\\", with: "\\\\").replacing("|", with: "\\|") }
    let shown = filledColumns
    var text = line(shown.map { escaped(columns[$0].title) })
    text += line(shown.map { columns[$0].alignment == .trailing ? "---:" : ":---" })
    for row in rows { text += line(shown.map { escaped(row[$0].text) }) }
    return text
  }
}
