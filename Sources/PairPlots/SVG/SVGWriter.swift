import PairStatistics

/// Writes the elements that plots are made of; every number with at most two decimals, every text escaped.
struct SVGWriter {
  private var body = ""
  let width: Double
  let height: Double

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  enum Anchor: String { case start, middle, end }

  static let ink = "#222222"
  static let softInk = "#555555"
  static let gridInk = "#e3e3e3"
  static let fontSize = 13.0

  /// About how wide a text is: the fonts are the viewer's, so this errs on the wide side.
  static func width(of text: String, size: Double = fontSize) -> Double { 0.6 * size * Double(text.count) }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, stroke: String, width: Double = 1) {
    body +=
      "<line x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" x2=\"\(Self.number(x2))\" y2=\"\(Self.number(y2))\" "
      + "stroke=\"\(stroke)\" stroke-width=\"\(Self.number(width))\"/>\n"
  }

  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, fill: String, opacity: Double = 1, stroke: String? = nil,
    strokeWidth: Double = 1
  ) {
    let edge = stroke.map { " stroke=\"\($0)\" stroke-width=\"\(Self.number(strokeWidth))\"" } ?? ""
    let see = opacity < 1 ? " fill-opacity=\"\(Self.number(opacity))\"" : ""
    body +=
      "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" "
      + "height=\"\(Self.number(height))\" fill=\"\(fill)\"\(see)\(edge)/>\n"
  }

  mutating func polygon(_ points: [(x: Double, y: Double)], fill: String, opacity: Double) {
    body += "<polygon points=\"\(Self.list(points))\" fill=\"\(fill)\" fill-opacity=\"\(Self.number(opacity))\"/>\n"
  }

  mutating func polyline(_ points: [(x: Double, y: Double)], stroke: String, width: Double) {
    body +=
      "<polyline points=\"\(Self.list(points))\" fill=\"none\" stroke=\"\(stroke)\" "
      + "stroke-width=\"\(Self.number(width))\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>\n"
  }

  mutating func circle(x: Double, y: Double, radius: Double, fill: String, opacity: Double = 1, stroke: String? = nil) {
    let edge = stroke.map { " stroke=\"\($0)\" stroke-width=\"1\"" } ?? ""
    let see = opacity < 1 ? " fill-opacity=\"\(Self.number(opacity))\"" : ""
    body +=
      "<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"\(Self.number(radius))\" fill=\"\(fill)\"\(see)\(edge)/>\n"
  }

  /// A small sign that tells curves apart without colour.
  mutating func marker(_ index: Int, x: Double, y: Double, fill: String) {
    let r = 4.0
    switch index % 4 {
    case 0: circle(x: x, y: y, radius: r, fill: fill, stroke: "#ffffff")
    case 1: outlined([(x, y - r - 1), (x + r + 0.5, y + r - 0.5), (x - r - 0.5, y + r - 0.5)], fill: fill)
    case 2:
      rectangle(x: x - r + 0.5, y: y - r + 0.5, width: 2 * r - 1, height: 2 * r - 1, fill: fill, stroke: "#ffffff")
    default: outlined([(x, y - r - 1), (x + r + 1, y), (x, y + r + 1), (x - r - 1, y)], fill: fill)
    }
  }

  private mutating func outlined(_ points: [(x: Double, y: Double)], fill: String) {
    body += "<polygon points=\"\(Self.list(points))\" fill=\"\(fill)\" stroke=\"#ffffff\" stroke-width=\"1\"/>\n"
  }

  mutating func text(
    _ text: String, x: Double, y: Double, size: Double = fontSize, fill: String = ink, anchor: Anchor = .start,
    bold: Bool = false, turned: Bool = false
  ) {
    let weight = bold ? " font-weight=\"bold\"" : ""
    let turn = turned ? " transform=\"rotate(-90 \(Self.number(x)) \(Self.number(y)))\"" : ""
    body +=
      "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" font-size=\"\(Self.number(size))\" fill=\"\(fill)\" "
      + "text-anchor=\"\(anchor.rawValue)\"\(weight)\(turn)>\(Self.escaped(text))</text>\n"
  }

  /// The whole document; the title is also what a screen reader says.
  func document(title: String, description: String) -> String {
    let size = "width=\"\(Self.number(width))\" height=\"\(Self.number(height))\""
    let box = "viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\""
    let fonts = "font-family=\"Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif\""
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" \(size) \(box) role="img" \(fonts)>
      <title>\(Self.escaped(title))</title>
      <desc>\(Self.escaped(description))</desc>
      <rect width="100%" height="100%" fill="#ffffff"/>
      \(body)</svg>

      """
  }

  private static func list(_ points: [(x: Double, y: Double)]) -> String {
    points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
  }

  /// "12.5", "7": two decimals at most.
  static func number(_ value: Double) -> String {
    var text = decimalText(value, places: 2)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// Text as XML holds it; control characters, which XML forbids even escaped, become spaces.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
