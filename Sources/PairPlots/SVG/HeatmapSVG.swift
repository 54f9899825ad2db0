import PairStatistics

extension Heatmap {
  package func svg() -> String {
    let cellHeight = 46.0
    let head = [subtitle, hasBest ? "framed: \(bestLabel)" : ""].filter { !$0.isEmpty }.joined(separator: "; ")
    let longest = columns + rows.flatMap { $0.cells.map { second(of: $0) } }
    let cellWidth = max(78, (longest.map { SVGWriter.width(of: $0) }.max() ?? 0) + 16)
    let left = 32 + (rows.map { SVGWriter.width(of: $0.name) }.max() ?? 0)
    let top = PlotArea.headHeight(subtitle: head) + 46
    let right = left + cellWidth * Double(columns.count)
    let bottom = top + cellHeight * Double(rows.count)
    let width = max(right + 116, SVGWriter.width(of: title, size: PlotArea.titleSize) + 40)
    var writer = SVGWriter(width: width, height: bottom + 28)

    PlotArea.head(&writer, title: title, subtitle: head)
    writer.text(columnLabel, x: (left + right) / 2, y: top - 32, anchor: .middle)
    for (column, name) in columns.enumerated() {
      writer.text(name, x: left + cellWidth * (Double(column) + 0.5), y: top - 10, anchor: .middle)
    }
    for (line, row) in rows.enumerated() {
      let y = top + cellHeight * Double(line)
      writer.text(row.name, x: left - 12, y: y + cellHeight / 2 + 4.5, anchor: .end)
      for (column, cell) in row.cells.enumerated() {
        draw(cell, x: left + cellWidth * Double(column), y: y, width: cellWidth, height: cellHeight, &writer)
      }
    }
    // Frames after all cells, so that no neighbour covers their edges.
    for (line, row) in rows.enumerated() {
      for (column, cell) in row.cells.enumerated() {
        guard case .value(_, _, best: true) = cell else { continue }
        writer.rectangle(
          x: left + cellWidth * Double(column) + 1, y: top + cellHeight * Double(line) + 1, width: cellWidth - 2,
          height: cellHeight - 2, fill: "none", stroke: Palette.categories[1].hex, strokeWidth: 3)
      }
    }
    drawScale(x: right + 28, top: top, bottom: bottom, &writer)
    return writer.document(title: title, description: "\(valueLabel) by setting. \(head)")
  }

  private func draw(
    _ cell: Cell, x: Double, y: Double, width: Double, height: Double, _ writer: inout SVGWriter
  ) {
    let middle = x + width / 2
    switch cell {
    case .value(let value, let spread, _):
      let colour = Palette.sequential(share(value))
      let ink = colour.wantsWhiteText ? "#ffffff" : SVGWriter.ink
      writer.rectangle(x: x, y: y, width: width, height: height, fill: colour.hex, stroke: "#ffffff", strokeWidth: 2)
      writer.text(
        decimalText(value, places: places), x: middle, y: y + height / 2 + (spread == nil ? 5 : -1), size: 15,
        fill: ink, anchor: .middle)
      if spread != nil {
        writer.text(second(of: cell), x: middle, y: y + height / 2 + 15, size: 11.5, fill: ink, anchor: .middle)
      }
    case .missing(let why):
      writer.rectangle(x: x, y: y, width: width, height: height, fill: "#f1f1f1", stroke: "#ffffff", strokeWidth: 2)
      writer.text(
        why, x: middle, y: y + height / 2 + 4.5, size: 12, fill: SVGWriter.softInk, anchor: .middle)
    }
  }

  /// The smaller text of a cell.
  private func second(of cell: Cell) -> String {
    switch cell {
    case .value(_, let spread, _): spread.map { "± " + decimalText($0, places: places) } ?? ""
    case .missing(let why): why
    }
  }

  /// The colours beside their values, with the name of what they show.
  private func drawScale(x: Double, top: Double, bottom: Double, _ writer: inout SVGWriter) {
    guard let range, range.high > range.low else { return }
    let steps = 48
    let height = (bottom - top) / Double(steps)
    for step in 0..<steps {
      let share = (Double(step) + 0.5) / Double(steps)
      // A little taller than its part, or seams show between the stripes.
      writer.rectangle(
        x: x, y: bottom - height * Double(step + 1), width: 14, height: height + (step == 0 ? 0 : 0.6),
        fill: Palette.sequential(share).hex)
    }
    let axis = Axis(covering: [range.low, range.high], intervals: max(5, rows.count), room: 0)
    for tick in axis.ticks {
      let y = bottom - axis.position(tick) * (bottom - top)
      writer.line(x + 14, y, x + 18, y, stroke: SVGWriter.softInk)
      writer.text(axis.label(tick), x: x + 22, y: y + 4.5, size: 12)
    }
    writer.text(valueLabel, x: x + 72, y: (top + bottom) / 2, size: 12, anchor: .middle, turned: true)
  }
}
