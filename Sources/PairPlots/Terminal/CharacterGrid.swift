/// Rows of coloured characters, written anywhere and printed from the top.
struct CharacterGrid {
  let width: Int
  let height: Int
  private var cells: [Cell]  // (height, width)

  private struct Cell {
    var character: Character = " "
    var foreground: Int?
    var background: Int?
  }

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    cells = Array(repeating: Cell(), count: width * height)
  }

  /// Writes from (column, row) to the right; what falls outside is cut off.
  mutating func write(
    _ text: some StringProtocol, column: Int, row: Int, foreground: Int? = nil, background: Int? = nil
  ) {
    guard (0..<height).contains(row) else { return }
    for (offset, character) in text.enumerated() where (0..<width).contains(column + offset) {
      cells[row * width + column + offset] = Cell(character: character, foreground: foreground, background: background)
    }
  }

  mutating func write(_ character: Character, column: Int, row: Int, foreground: Int? = nil) {
    write(String(character), column: column, row: row, foreground: foreground)
  }

  subscript(column: Int, row: Int) -> Character { cells[row * width + column].character }

  /// The rows as lines, without spaces at their ends.
  func lines(colour: Bool) -> [String] {
    (0..<height).map { row in
      var line = cells[(row * width)..<((row + 1) * width)]
      while let last = line.last, last.character == " ", last.background == nil || !colour { line.removeLast() }
      guard colour else { return String(line.map(\.character)) }
      var text = ""
      var foreground: Int?
      var background: Int?
      for cell in line {
        if cell.foreground != foreground || cell.background != background {
          text += "\u{1B}[0"
          if let code = cell.foreground { text += ";38;5;\(code)" }
          if let code = cell.background { text += ";48;5;\(code)" }
          text += "m"
          (foreground, background) = (cell.foreground, cell.background)
        }
        text.append(cell.character)
      }
      return foreground == nil && background == nil ? text : text + "\u{1B}[0m"
    }
  }
}
