import PairStatistics

extension BoxPlot {
  /// Two lines a group: the box with its whiskers, and below it the runs as points.
  package func terminal(_ style: TerminalStyle) -> String {
    let nameWidth = min(groups.map(\.name.count).max() ?? 0, style.width / 2)
    let origin = nameWidth + 2
    let columns = style.width - origin - 1
    let axis = valueAxis(intervals: max(5, columns / 12))
    func column(_ value: Double) -> Int { origin + Int((axis.position(value) * Double(columns - 1)).rounded()) }
    let unicode = style.characters == .unicode

    var lines = [title]
    if !subtitle.isEmpty { lines.append(subtitle) }
    lines.append("")
    for (index, group) in groups.enumerated() {
      var grid = CharacterGrid(width: style.width, height: 2)
      grid.write(group.name.prefix(nameWidth), column: 0, row: 0)
      if let summary = group.summary {
        draw(Box(summary), colour: style.colourCode(index), unicode: unicode, column: column, &grid)
      } else {
        grid.write("no run succeeded", column: origin, row: 0)
      }
      lines += grid.lines(colour: style.colour)
    }

    var foot = CharacterGrid(width: style.width, height: 2)
    foot.write(String(repeating: unicode ? "─" : "-", count: columns), column: origin, row: 0)
    for tick in axis.ticks {
      let label = axis.label(tick)
      foot.write(unicode ? "┴" : "+", column: column(tick), row: 0)
      foot.write(label, column: min(column(tick) - label.count / 2, style.width - label.count), row: 1)
    }
    lines += foot.lines(colour: false)
    lines.append(String(repeating: " ", count: max(0, origin + (columns - valueLabel.count) / 2)) + valueLabel)
    return lines.joined(separator: "\n")
  }

  private func draw(
    _ box: Box, colour: Int, unicode: Bool, column: (Double) -> Int, _ grid: inout CharacterGrid
  ) {
    let (low, high) = (column(box.whiskerLow), column(box.whiskerHigh))
    let (q1, q3) = (column(box.q1), column(box.q3))
    for place in low...high {
      let inside = (q1...q3).contains(place)
      let character: Character = unicode ? (inside ? "▒" : "─") : (inside ? "=" : "-")
      grid.write(character, column: place, row: 0, foreground: colour)
    }
    if low < q1 { grid.write(unicode ? "├" : "|", column: low, row: 0, foreground: colour) }
    if high > q3 { grid.write(unicode ? "┤" : "|", column: high, row: 0, foreground: colour) }
    if !unicode && q1 < q3 {
      grid.write("[", column: q1, row: 0, foreground: colour)
      grid.write("]", column: q3, row: 0, foreground: colour)
    }
    grid.write(unicode ? "┃" : "#", column: column(box.median), row: 0, foreground: colour)

    var counts: [Int: Int] = [:]
    for value in box.values { counts[column(value), default: 0] += 1 }
    for (place, count) in counts {
      let character: Character = unicode ? (count == 1 ? "∘" : "●") : (count == 1 ? "o" : "O")
      grid.write(character, column: place, row: 1, foreground: colour)
    }
  }
}
