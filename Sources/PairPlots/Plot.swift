/// A picture of results, as text for a terminal and as a file that stands alone.
package protocol Plot: Sendable {
  /// Lines of text without a newline at the end; none is wider than `style.width` but for names that have no room.
  func terminal(_ style: TerminalStyle) -> String

  /// A complete SVG 1.1 document without scripts, links or fonts of its own, on a white background.
  func svg() -> String
}
