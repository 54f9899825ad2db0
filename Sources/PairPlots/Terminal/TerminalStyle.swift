/// What the terminal can show.
package struct TerminalStyle: Hashable, Sendable {
  /// Columns, at least 40.
  package let width: Int
  /// Rows of the data of a line plot, at least 4; the other plots are as high as they have groups.
  package let height: Int
  package let characters: Characters
  /// Whether to colour by escape sequences. Without, curves are told apart by their signs alone.
  package let colour: Bool

  package enum Characters: Hashable, Sendable {
    /// Braille dots, box drawing and blocks.
    case unicode
    /// Nothing beyond ASCII, for logs and for locales without UTF-8.
    case ascii
  }

  /// Sizes below the least are raised to it: a narrow terminal gets long lines, not an error.
  package init(width: Int = 80, height: Int = 18, characters: Characters = .unicode, colour: Bool = false) {
    self.width = max(40, width)
    self.height = max(4, height)
    self.characters = characters
    self.colour = colour
  }

  /// The sign of the index-th curve.
  func sign(_ index: Int) -> Character {
    let signs: [Character] = characters == .unicode ? ["●", "▲", "■", "◆", "○", "△", "□", "◇"] : Array("ox+*#@%&")
    return signs[index % signs.count]
  }

  func colourCode(_ index: Int) -> Int { Palette.terminalCategories[index % Palette.terminalCategories.count] }
}
