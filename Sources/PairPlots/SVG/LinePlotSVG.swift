extension LinePlot {
  package func svg() -> String {
    let x = xAxis(intervals: 7)
    let y = yAxis(intervals: 6)
    // The legend in the order in which the curves end, so that the eye need not cross.
    let order = curves.indices.sorted { (curves[$0].points.last?.y ?? 0) > (curves[$1].points.last?.y ?? 0) }
    let legendWidth = (curves.map { SVGWriter.width(of: $0.name) }.max() ?? 0) + 56
    let tickWidth = y.ticks.map { SVGWriter.width(of: y.label($0)) }.max() ?? 0
    let plotWidth = 560.0
    let left = 46 + tickWidth
    let width = max(left + plotWidth + legendWidth, SVGWriter.width(of: title, size: PlotArea.titleSize) + 40)
    var writer = SVGWriter(width: width, height: 460)
    let area = PlotArea(
      left: left, top: PlotArea.headHeight(subtitle: subtitle) + 8, right: left + plotWidth, bottom: 460 - 58)

    PlotArea.head(&writer, title: title, subtitle: subtitle)
    area.drawXAxis(x, label: xLabel, to: &writer)
    area.drawYAxis(y, label: yLabel, to: &writer)
    for (index, curve) in curves.enumerated() {
      let band = curve.points.compactMap { point in
        point.low.flatMap { low in point.high.map { (point.x, low, $0) } }
      }
      let upper = band.map { (x: area.x($0.0, on: x), y: area.y($0.2, on: y)) }
      let lower = band.map { (x: area.x($0.0, on: x), y: area.y($0.1, on: y)) }
      if band.count > 1 { writer.polygon(upper + lower.reversed(), fill: colour(index), opacity: 0.16) }
    }
    // Lines after all the bands, so that no band hides one.
    for (index, curve) in curves.enumerated() {
      let points = curve.points.map { (x: area.x($0.x, on: x), y: area.y($0.y, on: y)) }
      writer.polyline(points, stroke: colour(index), width: 2)
      for (position, point) in points.enumerated() where hasMarker(position, of: points.count, curve: index) {
        writer.marker(index, x: point.x, y: point.y, fill: colour(index))
      }
    }
    for (line, index) in order.enumerated() {
      let y = area.top + 12 + 24 * Double(line)
      writer.line(area.right + 16, y, area.right + 40, y, stroke: colour(index), width: 2)
      writer.marker(index, x: area.right + 28, y: y, fill: colour(index))
      writer.text(curves[index].name, x: area.right + 47, y: y + 4.5)
    }
    return writer.document(title: title, description: "\(yLabel) over \(xLabel). \(subtitle)")
  }

  private func colour(_ index: Int) -> String { Palette.categories[index % Palette.categories.count].hex }

  /// About six signs a curve, those of neighbouring curves at different places; always at the last point.
  private func hasMarker(_ position: Int, of count: Int, curve: Int) -> Bool {
    let every = max(1, count / 6)
    return position == count - 1 || (position + curve * max(1, every / 3)) % every == every / 2
  }
}
