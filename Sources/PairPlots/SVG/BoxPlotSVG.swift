extension BoxPlot {
  package func svg() -> String {
    let axis = valueAxis(intervals: 7)
    let left = 32 + (groups.map { SVGWriter.width(of: $0.name) }.max() ?? 0)
    let plotWidth = 560.0
    let width = max(left + plotWidth + 32, SVGWriter.width(of: title, size: PlotArea.titleSize) + 40)
    let top = PlotArea.headHeight(subtitle: subtitle) + 4
    let rows = groups.map { BoxRow($0, axis: axis, left: left, width: plotWidth) }
    let bottom = top + max(40, rows.reduce(0) { $0 + $1.height })
    var writer = SVGWriter(width: width, height: bottom + 58)
    let area = PlotArea(left: left, top: top, right: left + plotWidth, bottom: bottom)

    PlotArea.head(&writer, title: title, subtitle: subtitle)
    area.drawXAxis(axis, label: valueLabel, to: &writer)
    var y = top
    for (index, row) in rows.enumerated() {
      let line = y + BoxRow.lineOffset
      writer.text(groups[index].name, x: left - 12, y: line + 4.5, anchor: .end)
      if let box = row.box {
        row.draw(box, colour: Palette.categories[index % Palette.categories.count].hex, line: line, area, axis, &writer)
      } else {
        // On white, since grid lines pass here.
        writer.rectangle(x: left + 8, y: line - 9, width: 118, height: 18, fill: "#ffffff")
        writer.text("no run succeeded", x: left + 12, y: line + 4.5, fill: SVGWriter.softInk)
      }
      y += row.height
    }
    return writer.document(title: title, description: "\(valueLabel) of each run, by setting. \(subtitle)")
  }
}

/// One group's part of the page: its box on a line, and below it the runs, stacked where they coincide.
private struct BoxRow {
  let box: BoxPlot.Box?
  /// How far below the line each run's point is, in stacked points.
  let levels: [Int]

  static let lineOffset = 21.0
  private static let half = 10.0
  private static let radius = 3.2
  private static let pitchMax = 6.6
  /// More points in one place than fit in this lie closer: thirty equal runs are not to take half a page.
  private static let depthMax = 33.0
  /// From one level to the next.
  private let pitch: Double

  init(_ group: BoxPlot.Group, axis: Axis, left: Double, width: Double) {
    box = group.summary.map(BoxPlot.Box.init)
    levels = Self.stacked((box?.values ?? []).map { left + axis.position($0) * width })
    pitch = min(Self.pitchMax, Self.depthMax / Double(max(1, levels.max() ?? 0)))
  }

  var height: Double { Self.lineOffset + Self.half + 26 + pitch * Double(levels.max() ?? 0) }

  /// For each place the first level at which its point touches no earlier one.
  private static func stacked(_ places: [Double]) -> [Int] {
    var levels: [Int] = []
    for (index, place) in places.enumerated() {
      let taken = Set(zip(places[..<index], levels).filter { abs($0.0 - place) < 2 * radius }.map(\.1))
      levels.append((0...index).first { !taken.contains($0) } ?? index)
    }
    return levels
  }

  func draw(
    _ box: BoxPlot.Box, colour: String, line: Double, _ area: PlotArea, _ axis: Axis, _ writer: inout SVGWriter
  ) {
    func x(_ value: Double) -> Double { area.x(value, on: axis) }
    writer.line(x(box.whiskerLow), line, x(box.q1), line, stroke: colour, width: 1.5)
    writer.line(x(box.q3), line, x(box.whiskerHigh), line, stroke: colour, width: 1.5)
    for end in [box.whiskerLow, box.whiskerHigh] {
      writer.line(x(end), line - Self.half / 2, x(end), line + Self.half / 2, stroke: colour, width: 1.5)
    }
    writer.rectangle(
      x: x(box.q1), y: line - Self.half, width: x(box.q3) - x(box.q1), height: 2 * Self.half, fill: colour,
      opacity: 0.18, stroke: colour, strokeWidth: 1.5)
    writer.line(x(box.median), line - Self.half, x(box.median), line + Self.half, stroke: colour, width: 3)
    for (value, level) in zip(box.values, levels) {
      writer.circle(
        x: x(value), y: line + Self.half + 8.5 + pitch * Double(level), radius: Self.radius, fill: colour,
        opacity: 0.8)
    }
  }
}
