import PairStatistics

extension Heatmap {
  /// Each cell holds its value, a mark of how high it is among all, and a star where it is the best of its row. In
  /// colour the mark is the background. Where the terminal is too narrow, first the spreads are left out, then the marks.
  package func terminal(_ style: TerminalStyle) -> String {
    let origin = (rows.map(\.name.count).max() ?? 0) + 1
    func texts(_ detail: Detail) -> [[String]] { rows.map { $0.cells.map { text(of: $0, detail, style) } } }
    func cellWidth(_ detail: Detail) -> Int {
      ((texts(detail).flatMap { $0 } + columns).map(\.count).max() ?? 0) + 2
    }
    func needed(_ detail: Detail) -> Int { origin + cellWidth(detail) * columns.count }
    let detail = Detail.allCases.first { needed($0) <= style.width } ?? .mean
    let texts = texts(detail)  // (row, column)
    let cellWidth = cellWidth(detail)
    // As wide as it must be: a cut value would be a wrong one.
    let width = max(style.width, origin + cellWidth * columns.count)
    var grid = CharacterGrid(width: width, height: rows.count + 2)
    let middle = origin + (cellWidth * columns.count - columnLabel.count) / 2
    grid.write(columnLabel, column: max(origin, middle), row: 0)
    for (column, name) in columns.enumerated() {
      let start = origin + cellWidth * column + (cellWidth - name.count) / 2
      grid.write(name, column: start, row: 1)
    }
    for (line, row) in rows.enumerated() {
      grid.write(row.name, column: 0, row: line + 2)
      for (column, cell) in row.cells.enumerated() {
        let text = texts[line][column]
        let before = (cellWidth - text.count) / 2
        let padded =
          String(repeating: " ", count: before) + text + String(repeating: " ", count: cellWidth - text.count - before)
        let colour = style.colour ? cell.value.map { Palette.sequential(share($0)) } : nil
        grid.write(
          padded, column: origin + cellWidth * column, row: line + 2,
          foreground: colour.map { $0.wantsWhiteText ? 231 : 16 }, background: colour.map(Palette.terminalCode))
      }
    }
    var lines = [title]
    if !subtitle.isEmpty { lines.append(subtitle) }
    lines.append("")
    lines += grid.lines(colour: style.colour)
    let leftOut = detail == .spread ? "" : "; spreads take \(needed(.spread)) columns"
    lines.append(key(style, marks: detail != .mean) + leftOut)
    return lines.joined(separator: "\n")
  }

  /// What of a cell there is room for.
  private enum Detail: CaseIterable { case spread, mark, mean }

  private static let unicodeLevels: [Character] = Array("▁▂▃▄▅▆▇█")
  private static let asciiLevels: [Character] = Array(".:-=+*%#")

  private func text(of cell: Cell, _ detail: Detail, _ style: TerminalStyle) -> String {
    switch cell {
    case .value(let value, let spread, let best):
      var text = decimalText(value, places: places)
      if let spread, detail == .spread {
        text += (style.characters == .unicode ? "±" : "+-") + decimalText(spread, places: places)
      }
      if !style.colour, detail != .mean {
        let levels = style.characters == .unicode ? Self.unicodeLevels : Self.asciiLevels
        text += " " + String(levels[min(Int(share(value) * Double(levels.count)), levels.count - 1)])
      }
      return text + (best ? "*" : " ")
    case .missing(let why): return why
    }
  }

  /// "test accuracy (%) from 78.1 ▁ to 95.0 █; * best of its row"
  private func key(_ style: TerminalStyle, marks: Bool) -> String {
    guard let range else { return "\(valueLabel): no cell has a value" }
    let levels = style.characters == .unicode ? Self.unicodeLevels : Self.asciiLevels
    let low = decimalText(range.low, places: places)
    let high = decimalText(range.high, places: places)
    let scale =
      style.colour
      ? "from \(low) (light) to \(high) (dark)"
      : !marks ? "from \(low) to \(high)" : "from \(low) \(levels[0]) to \(high) \(levels[levels.count - 1])"
    return "\(valueLabel) \(scale)" + (hasBest ? "; * \(bestLabel)" : "")
  }
}
