/// The manual page of a program.
struct ProgramPage {
  let root: DumpedHelp.Command
  let section: String
  private let leaves: [(path: [String], command: DumpedHelp.Command)]
  /// Options that many commands have in the same words: they are told once.
  private let common: [DumpedHelp.Argument]

  /// An option of so many commands is told once.
  private static let commonFrom = 4

  init(_ root: DumpedHelp.Command, section: String) {
    self.root = root
    self.section = section
    leaves = root.leaves()
    var counts: [DumpedHelp.Argument: Int] = [:]
    var order: [DumpedHelp.Argument] = []
    for argument in leaves.flatMap({ $0.command.arguments ?? [] }) where argument.kind != .positional {
      if counts[argument] == nil { order.append(argument) }
      counts[argument, default: 0] += 1
    }
    common = order.filter { $0.shouldDisplay && counts[$0, default: 0] >= Self.commonFrom }
  }

  func page(date: String) -> String {
    let discussion = Discussion(root.discussion ?? "")
    let abstract = root.abstract ?? ""
    var page = Mdoc.head(
      name: root.commandName, section: section,
      description: abstract.prefix(1).lowercased() + abstract.dropFirst().drop { $0 == "." }.trimmingPeriod, date: date)
    page += ".Sh SYNOPSIS\n.Nm\n"
    page += leaves.isEmpty ? (root.arguments ?? []).map(synopsis).joined() : ".Ar command\n.Op Ar options\n"
    page += ".Sh DESCRIPTION\n" + Mdoc.lines(abstract) + discussion.parts[0].mdoc
    if leaves.isEmpty {
      page += ".Sh OPTIONS\n" + list(root.arguments ?? [])
    } else {
      page += ".Sh COMMANDS\n" + leaves.map(command).joined()
      page += ".Sh COMMON OPTIONS\nThese mean the same wherever a command names them.\n" + list(common)
    }
    for heading in ["ENVIRONMENT", "FILES", "EXIT STATUS", "EXAMPLES"] {
      if let part = discussion.part(heading) { page += ".Sh \(heading)\n\(part.mdoc)" }
    }
    return page + ".Sh SEE ALSO\n" + Self.seeAlso(besides: root.commandName)
  }

  /// The other pages.
  static func seeAlso(besides name: String) -> String {
    [("pairnetctl", 1), ("sqlite3", 1), ("pairnetd.yaml", 5), ("pairnetd", 8)].filter { $0.0 != name }
      .map { ".Xr \($0.0) \($0.1)" }.joined(separator: " ,\n") + "\n"
  }

  private func command(_ path: [String], _ command: DumpedHelp.Command) -> String {
    let arguments = (command.arguments ?? []).filter(\.shouldDisplay)
    let own = arguments.filter { !common.contains($0) }
    let shared = arguments.filter { common.contains($0) && !["help", "version"].contains($0.names?.last?.name) }
    let positional = arguments.filter { $0.kind == .positional }
    var text = ".Ss \(Mdoc.escaped(path.joined(separator: " ")))\n"
    text += ".Nm\n.Cm \(path.map(Mdoc.argument).joined(separator: " "))\n"
    text += positional.map(synopsis).joined() + ".Op Ar options\n.Pp\n"
    text += Mdoc.lines(command.abstract ?? "")
    let discussion = Discussion(command.discussion ?? "")
    text += discussion.parts[0].mdoc
    if !own.isEmpty { text += list(own) }
    if !shared.isEmpty {
      text += ".Pp\nCommon options:\n"
      let names = shared.flatMap { argument in
        (argument.names ?? []).filter { $0.kind == "long" || argument.names?.count == 1 }
      }
      text += names.enumerated().map { index, name in
        ".Fl \(flag(name))\(index == names.count - 1 ? " ." : " ,")\n"
      }.joined()
    }
    for part in discussion.parts.dropFirst() {
      text += ".Pp\n\(Mdoc.escaped((part.heading ?? "").capitalisedOnce)):\n\(part.mdoc)"
    }
    return text
  }

  private func synopsis(_ argument: DumpedHelp.Argument) -> String {
    guard argument.shouldDisplay else { return "" }
    let value = "Ar \(Mdoc.argument(argument.valueName ?? "value"))"
    let text =
      switch argument.kind {
      case .positional: value
      case .flag: "Fl \(flag(argument.names?.last))"
      case .option: "Fl \(flag(argument.names?.last)) \(value)"
      }
    return (argument.isOptional ? ".Op \(text)" : ".\(text)") + (argument.isRepeating ? " ..." : "") + "\n"
  }

  private func list(_ arguments: [DumpedHelp.Argument]) -> String {
    Mdoc.list(
      arguments.filter(\.shouldDisplay).map { argument in
        let value = argument.kind == .flag ? "" : " Ar \(Mdoc.argument(argument.valueName ?? "value"))"
        let names = (argument.names ?? []).map { "Fl \(flag($0))" }.joined(separator: " , ")
        return (names + (names.isEmpty ? String(value.dropFirst()) : value), argument.explanation)
      })
  }

  /// `-output` of `--output`: the macro writes the first hyphen.
  private func flag(_ name: DumpedHelp.Argument.Name?) -> String {
    Mdoc.escaped(String((name?.text ?? "-").dropFirst()))
  }
}

extension StringProtocol {
  fileprivate var trimmingPeriod: String { String(hasSuffix(".") ? dropLast() : self[...]) }
  /// `EXIT STATUS` is `Exit status`.
  fileprivate var capitalisedOnce: String { prefix(1).uppercased() + dropFirst().lowercased() }
}
