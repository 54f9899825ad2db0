extension BoxPlot {
  package func svg() -> String {
    let axis = valueAxis(intervals: 7)
    let rowHeight = 62.0
    let left = 32 + (groups.map { SVGWriter.width(of: $0.name) }.max() ?? 0)
    let plotWidth = 560.0
    let width = max(left + plotWidth + 32, SVGWriter.width(of: title, size: PlotArea.titleSize) + 40)
    let top = PlotArea.headHeight(subtitle: subtitle) + 4
    let bottom = top + rowHeight * Double(max(1, groups.count))
    var writer = SVGWriter(width: width, height: bottom + 58)
    let area = PlotArea(left: left, top: top, right: left + plotWidth, bottom: bottom)

    PlotArea.head(&writer, title: title, subtitle: subtitle)
    area.drawXAxis(axis, label: valueLabel, to: &writer)
    for (index, group) in groups.enumerated() {
      let middle = top + rowHeight * (Double(index) + 0.5)
      writer.text(group.name, x: left - 12, y: middle - 5.5, anchor: .end)
      guard let summary = group.summary else {
        // On white, since grid lines pass here.
        writer.rectangle(x: left + 8, y: middle - 18, width: 118, height: 18, fill: "#ffffff")
        writer.text("no run succeeded", x: left + 12, y: middle - 5.5, fill: SVGWriter.softInk)
        continue
      }
      draw(
        Box(summary), colour: Palette.categories[index % Palette.categories.count].hex, middle: middle, axis, area,
        &writer)
    }
    return writer.document(title: title, description: "\(valueLabel) of each run, by setting. \(subtitle)")
  }

  private func draw(
    _ box: Box, colour: String, middle: Double, _ axis: Axis, _ area: PlotArea, _ writer: inout SVGWriter
  ) {
    let half = 10.0
    let line = middle - 10
    func x(_ value: Double) -> Double { area.x(value, on: axis) }
    writer.line(x(box.whiskerLow), line, x(box.q1), line, stroke: colour, width: 1.5)
    writer.line(x(box.q3), line, x(box.whiskerHigh), line, stroke: colour, width: 1.5)
    for end in [box.whiskerLow, box.whiskerHigh] {
      writer.line(x(end), line - half / 2, x(end), line + half / 2, stroke: colour, width: 1.5)
    }
    writer.rectangle(
      x: x(box.q1), y: line - half, width: x(box.q3) - x(box.q1), height: 2 * half, fill: colour, opacity: 0.18,
      stroke: colour, strokeWidth: 1.5)
    writer.line(x(box.median), line - half, x(box.median), line + half, stroke: colour, width: 3)
    let places = box.values.map(x)
    for (place, level) in zip(places, stacked(places, radius: 3.2, levelsMax: 4)) {
      writer.circle(x: place, y: middle + 8.5 + 6.5 * Double(level), radius: 3.2, fill: colour, opacity: 0.8)
    }
  }

  /// For each place along the line the first level below it at which its point touches no earlier one; a point that finds
  /// none lies over others on the last.
  private func stacked(_ places: [Double], radius: Double, levelsMax: Int) -> [Int] {
    var levels: [Int] = []
    for (index, place) in places.enumerated() {
      let taken = Set(zip(places[..<index], levels).filter { abs($0.0 - place) < 2 * radius }.map(\.1))
      levels.append((0..<levelsMax).first { !taken.contains($0) } ?? levelsMax - 1)
    }
    return levels
  }
}
