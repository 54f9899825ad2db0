/// The frame that plots share: title, subtitle, the rectangle of the data and its axes.
struct PlotArea {
  let left, top, right, bottom: Double

  static let titleSize = 17.0

  /// How far down title and subtitle reach.
  static func headHeight(subtitle: String) -> Double { subtitle.isEmpty ? 44 : 64 }

  static func head(_ writer: inout SVGWriter, title: String, subtitle: String) {
    writer.text(title, x: 20, y: 30, size: titleSize, bold: true)
    if !subtitle.isEmpty { writer.text(subtitle, x: 20, y: 50, fill: SVGWriter.softInk) }
  }

  func x(_ value: Double, on axis: Axis) -> Double { left + axis.position(value) * (right - left) }
  func y(_ value: Double, on axis: Axis) -> Double { bottom - axis.position(value) * (bottom - top) }

  /// Vertical grid lines, tick labels below and the axis' name below those.
  func drawXAxis(_ axis: Axis, label: String, to writer: inout SVGWriter) {
    for tick in axis.ticks {
      let x = x(tick, on: axis)
      writer.line(x, top, x, bottom, stroke: SVGWriter.gridInk)
      writer.line(x, bottom, x, bottom + 5, stroke: SVGWriter.softInk)
      writer.text(axis.label(tick), x: x, y: bottom + 20, anchor: .middle)
    }
    writer.text(label, x: (left + right) / 2, y: bottom + 42, anchor: .middle)
    writer.line(left, bottom, right, bottom, stroke: SVGWriter.softInk)
  }

  /// Horizontal grid lines, tick labels to the left and the axis' name beside those, turned.
  func drawYAxis(_ axis: Axis, label: String, to writer: inout SVGWriter) {
    for tick in axis.ticks {
      let y = y(tick, on: axis)
      writer.line(left, y, right, y, stroke: SVGWriter.gridInk)
      writer.line(left - 5, y, left, y, stroke: SVGWriter.softInk)
      writer.text(axis.label(tick), x: left - 9, y: y + 4.5, anchor: .end)
    }
    writer.text(label, x: 24, y: (top + bottom) / 2, anchor: .middle, turned: true)
    writer.line(left, top, left, bottom, stroke: SVGWriter.softInk)
  }
}
