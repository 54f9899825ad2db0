/// What swift-argument-parser's `--experimental-dump-help` prints, as far as a manual needs it.
struct DumpedHelp: Decodable {
  var command: Command

  struct Command: Decodable {
    var commandName: String
    var abstract: String?
    var discussion: String?
    var shouldDisplay: Bool
    var arguments: [Argument]?
    var subcommands: [Command]?

    /// The commands that do something, with all of their names, in the order of `--help`.
    func leaves(below path: [String] = []) -> [(path: [String], command: Command)] {
      (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }.flatMap { command in
        let path = path + [command.commandName]
        return command.subcommands?.isEmpty ?? true ? [(path, command)] : command.leaves(below: path)
      }
    }
  }

  struct Argument: Decodable, Hashable {
    enum Kind: String, Decodable { case positional, option, flag }

    struct Name: Decodable, Hashable {
      var kind: String
      var name: String
      var text: String { (kind == "long" ? "--" : "-") + name }
    }

    var kind: Kind
    var names: [Name]?
    var valueName: String?
    var abstract: String?
    var defaultValue: String?
    var allValues: [String]?
    var isOptional: Bool
    var isRepeating: Bool
    var shouldDisplay: Bool

    /// What the argument is for, its values and its default, as `--help` has them.
    var explanation: String {
      var facts: [String] = []
      if let allValues, !allValues.isEmpty { facts.append("values: \(allValues.joined(separator: ", "))") }
      if let defaultValue { facts.append("default: \(defaultValue)") }
      return (abstract ?? "") + (facts.isEmpty ? "" : " (\(facts.joined(separator: "; ")))")
    }
  }
}
