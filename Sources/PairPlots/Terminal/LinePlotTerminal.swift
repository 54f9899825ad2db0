import PairStatistics

extension LinePlot {
  package func terminal(_ style: TerminalStyle) -> String {
    let y = yAxis(intervals: max(5, style.height / 4))
    let labelWidth = y.ticks.map { y.label($0).count }.max() ?? 0
    let columns = style.width - labelWidth - 3
    let x = xAxis(intervals: max(5, columns / 12))
    var grid = CharacterGrid(width: style.width, height: style.height + 2)
    let origin = labelWidth + 2
    drawAxes(x, y, origin: origin, columns: columns, style, &grid)
    drawBands(x, y, origin: origin, columns: columns, style, &grid)
    switch style.characters {
    case .unicode: drawDots(x, y, origin: origin, columns: columns, style, &grid)
    case .ascii: drawSigns(x, y, origin: origin, columns: columns, style, &grid)
    }

    var lines = [title]
    if !subtitle.isEmpty { lines.append(subtitle) }
    lines.append(yLabel)
    lines += grid.lines(colour: style.colour)
    lines.append(String(repeating: " ", count: max(0, origin + (columns - xLabel.count) / 2)) + xLabel)
    lines += legend(style)
    return lines.joined(separator: "\n")
  }

  /// The curves from the one that ends highest, with their last values: "● BaseNetAux  92.7 (91.9 to 93.5)".
  private func legend(_ style: TerminalStyle) -> [String] {
    let order = curves.indices.sorted { (curves[$0].points.last?.y ?? 0) > (curves[$1].points.last?.y ?? 0) }
    let nameWidth = curves.map(\.name.count).max() ?? 0
    let places = yAxis(intervals: 5).places + 1
    return order.map { index in
      let curve = curves[index]
      var grid = CharacterGrid(width: max(style.width, nameWidth + 44), height: 1)
      grid.write(style.sign(index), column: 2, row: 0, foreground: style.colourCode(index))
      grid.write(curve.name, column: 4, row: 0)
      guard let last = curve.points.last else {
        grid.write("no values", column: 6 + nameWidth, row: 0)
        return grid.lines(colour: style.colour)[0]
      }
      var text = decimalText(last.y, places: places)
      if let low = last.low, let high = last.high {
        text += " (\(decimalText(low, places: places)) to \(decimalText(high, places: places)))"
      }
      grid.write(text, column: 6 + nameWidth, row: 0)
      return grid.lines(colour: style.colour)[0]
    }
  }

  private func drawAxes(
    _ x: Axis, _ y: Axis, origin: Int, columns: Int, _ style: TerminalStyle, _ grid: inout CharacterGrid
  ) {
    let unicode = style.characters == .unicode
    for row in 0..<style.height { grid.write(unicode ? "│" : "|", column: origin - 1, row: row) }
    for tick in y.ticks {
      let row = cellRow(y.position(tick), style.height)
      let label = y.label(tick)
      grid.write(label, column: origin - 2 - label.count, row: row)
      grid.write(unicode ? "┤" : "+", column: origin - 1, row: row)
    }
    grid.write(
      (unicode ? "└" : "+") + String(repeating: unicode ? "─" : "-", count: columns), column: origin - 1,
      row: style.height)
    for tick in x.ticks {
      let column = origin + cellColumn(x.position(tick), columns)
      let label = x.label(tick)
      grid.write(unicode ? "┬" : "+", column: column, row: style.height)
      // The last label is moved to the left rather than cut.
      let start = min(column - label.count / 2, style.width - label.count)
      grid.write(label, column: start, row: style.height + 1)
    }
  }

  /// The bands, thin, below everything else; where bands overlap, the later curve's.
  private func drawBands(
    _ x: Axis, _ y: Axis, origin: Int, columns: Int, _ style: TerminalStyle, _ grid: inout CharacterGrid
  ) {
    for (index, curve) in curves.enumerated() {
      for column in 0..<columns {
        let value = x.low + (x.high - x.low) * (Double(column) + 0.5) / Double(columns)
        guard let (low, high) = band(of: curve, at: value) else { continue }
        for row in 0..<style.height {
          let level = y.high - (y.high - y.low) * (Double(row) + 0.5) / Double(style.height)
          if (low...high).contains(level) {
            grid.write(
              style.characters == .unicode ? "░" : ".", column: origin + column, row: row,
              foreground: style.colourCode(index))
          }
        }
      }
    }
  }

  /// The band between two points, by linear interpolation.
  private func band(of curve: Curve, at x: Double) -> (low: Double, high: Double)? {
    for (left, right) in zip(curve.points, curve.points.dropFirst()) where left.x <= x && x <= right.x {
      guard let leftLow = left.low, let leftHigh = left.high, let rightLow = right.low, let rightHigh = right.high
      else { return nil }
      let part = right.x > left.x ? (x - left.x) / (right.x - left.x) : 0
      return (leftLow + part * (rightLow - leftLow), leftHigh + part * (rightHigh - leftHigh))
    }
    return nil
  }

  private func drawDots(
    _ x: Axis, _ y: Axis, origin: Int, columns: Int, _ style: TerminalStyle, _ grid: inout CharacterGrid
  ) {
    var canvas = DotCanvas(columns: columns, rows: style.height)
    for (index, curve) in curves.enumerated() {
      let dots = curve.points.map { point in
        (
          x: Int((x.position(point.x) * Double(canvas.width - 1)).rounded()),
          y: Int(((1 - y.position(point.y)) * Double(canvas.height - 1)).rounded())
        )
      }
      for (start, end) in zip(dots, dots.dropFirst()) { canvas.line(from: start, to: end, owner: index) }
    }
    for row in 0..<style.height {
      for column in 0..<columns {
        guard let (character, owner) = canvas.cell(column, row) else { continue }
        grid.write(character, column: origin + column, row: row, foreground: style.colourCode(owner))
      }
    }
    // A sign at the end, and a few along the way at different places for each curve.
    for (index, curve) in curves.enumerated() {
      let every = max(1, curve.points.count / 4)
      for (position, point) in curve.points.enumerated() {
        guard position == curve.points.count - 1 || (position + index * max(1, every / 3)) % every == every / 2
        else { continue }
        grid.write(
          style.sign(index), column: origin + cellColumn(x.position(point.x), columns),
          row: cellRow(y.position(point.y), style.height), foreground: style.colourCode(index))
      }
    }
  }

  private func drawSigns(
    _ x: Axis, _ y: Axis, origin: Int, columns: Int, _ style: TerminalStyle, _ grid: inout CharacterGrid
  ) {
    for (index, curve) in curves.enumerated() {
      for (position, point) in curve.points.enumerated() {
        let column = origin + cellColumn(x.position(point.x), columns)
        let row = cellRow(y.position(point.y), style.height)
        // Curves that coincide take turns, so that neither vanishes.
        let taken = ![" ", "."].contains(grid[column, row])
        if taken && position % (index + 1) != 0 { continue }
        grid.write(style.sign(index), column: column, row: row, foreground: style.colourCode(index))
      }
    }
  }

  private func cellColumn(_ position: Double, _ columns: Int) -> Int { Int((position * Double(columns - 1)).rounded()) }
  private func cellRow(_ position: Double, _ rows: Int) -> Int { Int(((1 - position) * Double(rows - 1)).rounded()) }
}
