import PairAPI

/// Draws pairs of digits with what a terminal has: half blocks in shades of grey, or characters of growing ink.
struct PairDrawing {
  /// Width and height of an image in pixels.
  static let side = 14

  let terminal: Terminal

  private var usesBlocks: Bool { terminal.color != .none && terminal.isUTF8 }
  /// Cells that an image is wide: a half block is a square pixel, a character is half as wide as high.
  private var imageColumns: Int { usesBlocks ? Self.side : Self.side * 2 }
  private var pairColumns: Int { 2 * imageColumns + 1 }
  private static let gap = "   "

  static func canDraw(_ pair: PairsResponse.Pair) -> Bool {
    pair.images.count == 2 && pair.digits.count == 2 && pair.images.allSatisfy { $0.count == side * side }
  }

  /// As many pairs side by side as the terminal is wide, captions below.
  ///
  /// - Precondition: `canDraw` holds for each pair.
  func text(_ pairs: [PairsResponse.Pair]) -> String {
    let perRow = max(1, (terminal.columns + Self.gap.count) / (pairColumns + Self.gap.count))
    var text = ""
    for start in stride(from: 0, to: pairs.count, by: perRow) {
      let row = pairs[start..<min(start + perRow, pairs.count)]
      if start > 0 { text += "\n" }
      let drawings = row.map { $0.images.map(usesBlocks ? blocks : characters) }
      for line in drawings[0][0].indices {
        text += Self.line(drawings.map { "\($0[0][line]) \($0[1][line])" })
      }
      text += Self.line(row.map(caption))
    }
    return text
  }

  private static func line(_ parts: [String]) -> String {
    var line = parts.joined(separator: gap)[...]
    while line.last == " " { line.removeLast() }
    return line + "\n"
  }

  /// `3 ≤ 7: target 1`, as wide as its pair.
  private func caption(_ pair: PairsResponse.Pair) -> String {
    let relation = pair.digits[0] <= pair.digits[1] ? (terminal.showsUnicode ? "≤" : "<=") : ">"
    let text = "\(pair.digits[0]) \(relation) \(pair.digits[1]): target \(pair.target)"
    return text + String(repeating: " ", count: max(0, pairColumns - text.count))
  }

  /// Two rows of pixels a line: the half block has the upper pixel's grey, its background the lower one's.
  private func blocks(_ image: [UInt8]) -> [String] {
    stride(from: 0, to: Self.side, by: 2).map { row in
      let cells = (0..<Self.side).map { column in
        let (upper, lower) = (image[row * Self.side + column], image[(row + 1) * Self.side + column])
        return "\u{1B}[\(grey(upper, code: 38));\(grey(lower, code: 48))m▀"
      }
      return cells.joined() + "\u{1B}[0m"
    }
  }

  /// The SGR parameters of a grey level in 0...255 for the foreground (code 38) or the background (48).
  func grey(_ level: UInt8, code: Int) -> String {
    if terminal.color == .trueColor { return "\(code);2;\(level);\(level);\(level)" }
    // The palette's greys are 8, 18, …, 238 at 232...255; 16 is black and 231 white.
    let step = (Int(level) + 6) / 10
    return "\(code);5;\(step == 0 ? 16 : step > 24 ? 231 : 231 + step)"
  }

  /// Characters from no ink to much, two a pixel.
  private func characters(_ image: [UInt8]) -> [String] {
    let ramp = Array(" .:-=+*#%@")
    return (0..<Self.side).map { row in
      image[(row * Self.side)..<((row + 1) * Self.side)].map { level in
        String(repeating: ramp[Int(level) * ramp.count / 256], count: 2)
      }.joined()
    }
  }
}
