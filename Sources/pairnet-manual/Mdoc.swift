/// Text in the macros of mdoc(7).
enum Mdoc {
  /// The head of every page.
  static func head(name: String, section: String, description: String, date: String) -> String {
    """
    .Dd \(date)
    .Dt \(name.uppercased()) \(section)
    .Os pairnet
    .Sh NAME
    .Nm \(name)
    .Nd \(escaped(description))

    """
  }

  /// `text` with nothing in it that roff would obey.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "\\": escaped += "\\e"
      // A hyphen of an option is to be copied as one.
      case "-": escaped += "\\-"
      case "'": escaped += "\\(aq"
      case "`": escaped += "\\(ga"
      case "^": escaped += "\\(ha"
      case "~": escaped += "\\(ti"
      default:
        for scalar in character.unicodeScalars {
          escaped += scalar.isASCII ? String(scalar) : "\\[u\(String(scalar.value, radix: 16, uppercase: true).padded)]"
        }
      }
    }
    return escaped.hasPrefix(".") ? "\\&\(escaped)" : escaped
  }

  /// An argument of a macro, which is not to be taken for a macro itself.
  static func argument(_ text: String) -> String {
    "\\&" + escaped(text).replacing(" ", with: "\\ ").replacing("\"", with: "\\(dq")
  }

  /// Words in lines of a page's source.
  static func lines(_ text: String) -> String {
    var lines: [String] = [""]
    for word in text.split(whereSeparator: \.isWhitespace) {
      let last = lines[lines.count - 1]
      if !last.isEmpty, last.count + word.count > 70 || last.hasSuffix(".") {
        lines.append(String(word))
      } else {
        lines[lines.count - 1] = last.isEmpty ? String(word) : "\(last) \(word)"
      }
    }
    return lines.map { escaped($0) + "\n" }.joined()
  }

  static func literal(_ lines: [some StringProtocol]) -> String {
    ".Bd -literal -offset indent\n" + lines.map { escaped(String($0)) + "\n" }.joined() + ".Ed\n"
  }

  /// A list of terms with what each means.
  static func list(_ items: [(term: String, text: String)]) -> String {
    ".Bl -tag -width Ds\n" + items.map { ".It \($0.term)\n\(lines($0.text))" }.joined() + ".El\n"
  }
}

extension String {
  /// At least four digits.
  fileprivate var padded: String { String(repeating: "0", count: max(0, 4 - count)) + self }
}
