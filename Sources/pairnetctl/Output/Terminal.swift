import Glibc

/// What a stream can show.
struct Terminal: Hashable, Sendable {
  /// How many shades a cell can have.
  enum Color: Hashable, Sendable { case none, palette256, trueColor }

  var isTerminal: Bool
  var color: Color
  var isUTF8: Bool
  /// Width in cells.
  var columns: Int

  /// - Parameter environment: reads a variable, nil where it is not set.
  init(isTerminal: Bool, columns: Int, environment: (String) -> String?) {
    func value(_ name: String) -> String? {
      guard let value = environment(name), !value.isEmpty else { return nil }
      return value
    }
    self.isTerminal = isTerminal
    self.columns = columns
    // POSIX: the first of these that is set and not empty decides.
    let locale = (value("LC_ALL") ?? value("LC_CTYPE") ?? value("LANG") ?? "").lowercased()
    isUTF8 = locale.hasSuffix("utf-8") || locale.hasSuffix("utf8")
    // https://no-color.org
    if !isTerminal || value("NO_COLOR") != nil || value("TERM") == nil || value("TERM") == "dumb" {
      color = .none
    } else if ["truecolor", "24bit"].contains(value("COLORTERM") ?? "") {
      color = .trueColor
    } else {
      color = .palette256
    }
  }

  static let output = Terminal(of: STDOUT_FILENO)
  static let error = Terminal(of: STDERR_FILENO)

  private init(of descriptor: CInt) {
    let isTerminal = isatty(descriptor) == 1
    var size = winsize()
    let known = isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    self.init(isTerminal: isTerminal, columns: known ? Int(size.ws_col) : 80) { name in
      getenv(name).map { String(cString: $0) }
    }
  }

  /// Whether `±` and `…` can be shown. A file or a pipe gets UTF-8 whatever the locale, so that it is the same
  /// everywhere.
  var showsUnicode: Bool { isUTF8 || !isTerminal }

  /// `text` with ASCII for the signs of tables, if the terminal cannot show them.
  func spelled(_ text: String) -> String {
    showsUnicode ? text : text.replacing("±", with: "+-").replacing("…", with: "..").replacing("–", with: "-")
  }
}
