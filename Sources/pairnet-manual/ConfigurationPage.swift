/// The manual page of the configuration file, made of the file's own comments.
///
/// The file holds every setting with its default, commented out (`#workers: 4`), below the comment that explains it
/// (`# How many …`); what stands before the first setting is about the whole file.
struct ConfigurationPage {
  struct Setting: Hashable {
    /// With a dot for each mapping that it is in: `socket.path`.
    var name: String
    /// nil for a mapping.
    var value: String?
    var text: String
  }

  private(set) var preface: [String] = []
  private(set) var settings: [Setting] = []

  init(_ file: String) {
    var comment: [Substring] = []
    var mapping: (name: String, indent: Int)?
    for line in file.split(separator: "\n", omittingEmptySubsequences: false) {
      let indent = line.prefix { $0 == " " }.count
      let content = line.dropFirst(indent)
      if content.isEmpty || content == "#" {
        // A paragraph of the preface; one above a setting is followed by it at once.
        if !comment.isEmpty { preface.append(comment.joined(separator: " ")) }
        comment = []
      } else if content.hasPrefix("# ") {
        comment.append(content.dropFirst(2))
      } else if let colon = content.firstIndex(of: ":") {
        let key = content[..<colon].drop { $0 == "#" }
        let value = content[content.index(after: colon)...].drop { $0 == " " }
        if let outer = mapping, indent <= outer.indent { mapping = nil }
        settings.append(
          Setting(
            name: (mapping.map { "\($0.name)." } ?? "") + key, value: value.isEmpty ? nil : String(value),
            text: comment.joined(separator: " ")))
        if value.isEmpty { mapping = (String(key), indent) }
        comment = []
      }
    }
  }

  func page(date: String) -> String {
    var page = Mdoc.head(
      name: "pairnetd.yaml", section: "5", description: "the configuration of pairnetd", date: date)
    page += ".Sh SYNOPSIS\n.Pa /etc/pairnet/pairnetd.yaml\n.Sh DESCRIPTION\n"
    page += preface.map { Mdoc.lines(Self.plain($0)) }.joined(separator: ".Pp\n")
    page += ".Sh SETTINGS\nA name with a dot is one in a mapping.\n"
    page += Mdoc.list(
      settings.map { setting in
        (
          "Cm \(Mdoc.argument(setting.name))",
          Self.plain(setting.text) + (setting.value.map { " Default or example: \(Self.plain($0))." } ?? "")
        )
      })
    page += ".Sh FILES\n.Bl -tag -width Ds\n.It Pa /etc/pairnet/pairnetd.yaml\nWhere it is looked for, unless\n"
    page += ".Xr pairnetd 8\nis told otherwise by\n.Fl \\-config .\n.El\n"
    return page + ".Sh SEE ALSO\n" + ProgramPage.seeAlso(besides: "pairnetd.yaml")
  }

  /// Without the signs that set code apart in a comment.
  private static func plain(_ text: String) -> String { text.replacing("`", with: "") }
}
