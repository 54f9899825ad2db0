import PairCore
import Yams

/// What a configuration file sets, and where in it.
///
/// The file is walked node by node instead of decoded, because only nodes know their line and column, and because a
/// decoder passes over keys that it does not know.
struct ConfigurationFile: Sendable {
  /// One value of the file, accepted by its key.
  struct Entry: Hashable, Sendable {
    var value: String
    var origin: Origin
  }

  private(set) var entries: [ConfigurationKey: Entry] = [:]

  /// - Parameter path: for messages only.
  /// - Throws: `ConfigurationError` for anything that is not YAML, an unknown or repeated key, or a wrong type or value.
  init(yaml: String, path: String) throws(ConfigurationError) {
    var walk = Walk(path: path, yaml: yaml)
    do {
      if let root = try Yams.compose(yaml: yaml), root.scalar?.string.isEmpty != true {
        walk.visit(root, prefix: "")
      }
    } catch let error as YamlError {
      walk.note(error)
    } catch {
      walk.problems.append(ConfigurationProblem(origin: walk.origin(nil), message: "\(error)"))
    }
    guard walk.problems.isEmpty else { throw ConfigurationError(problems: walk.problems) }
    entries = walk.entries
  }

  private struct Walk {
    let path: String
    let yaml: String
    var entries: [ConfigurationKey: Entry] = [:]
    var problems: [ConfigurationProblem] = []

    func origin(_ mark: Mark?) -> Origin { origin(line: mark?.line ?? 1, column: mark?.column ?? 1) }
    func origin(line: Int, column: Int) -> Origin { .file(path: path, line: line, column: column) }

    /// - Parameter prefix: the keys that led here, each with a dot behind it.
    mutating func visit(_ node: Node, prefix: String) {
      guard case .mapping(let mapping) = node else {
        let subject = prefix.isEmpty ? "a configuration" : "\(prefix.dropLast())"
        let message =
          "\(subject) must be a mapping with some of the keys \(Self.names(under: prefix).joined(separator: ", "))"
        return problems.append(ConfigurationProblem(origin: origin(node.mark), message: message))
      }
      for (keyNode, value) in mapping {
        let name = prefix + (keyNode.scalar?.string ?? "")
        if let key = ConfigurationKey(rawValue: name) {
          take(value, for: key)
        } else if ConfigurationKey.allCases.contains(where: { $0.rawValue.hasPrefix("\(name).") }) {
          visit(value, prefix: "\(name).")
        } else {
          let place = prefix.isEmpty ? "the keys are" : "the keys of \(prefix.dropLast()) are"
          let names = Self.names(under: prefix)
          let hint = NearName.hint(String(name.dropFirst(prefix.count)), among: names)
          let message = "unknown key '\(name)'; \(place) \(names.joined(separator: ", "))\(hint)"
          problems.append(ConfigurationProblem(origin: origin(keyNode.mark), message: message))
        }
      }
    }

    private mutating func take(_ node: Node, for key: ConfigurationKey) {
      let origin = origin(node.mark)
      guard case .scalar(let scalar) = node else {
        let type = if case .mapping = node { "a mapping" } else { "a list" }
        let message = "\(key.rawValue): \(type) is not allowed; \(key.allowed)"
        return problems.append(ConfigurationProblem(origin: origin, message: message))
      }
      let isQuoted = scalar.style != .plain
      guard key.accepts(scalar.string), !(key.isInteger && isQuoted) else {
        let shown = isQuoted ? "\"\(scalar.string)\"" : scalar.string
        return problems.append(.refused(shown, for: key, from: origin))
      }
      entries[key] = Entry(value: scalar.string, origin: origin)
    }

    mutating func note(_ error: YamlError) {
      func add(_ message: String, at mark: Mark?) {
        problems.append(ConfigurationProblem(origin: origin(mark), message: message))
      }
      switch error {
      case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
        .composer(_, let problem, let mark, _):
        add("this is not YAML: \(problem)", at: mark)
      case .duplicatedKeysInMapping(let names, let context):
        for name in names {
          let origin = secondPlace(of: name).map(origin(line:column:)) ?? origin(context.mark)
          problems.append(ConfigurationProblem(origin: origin, message: "the key '\(name)' is given twice"))
        }
      case .reader(let problem, _, _, _):
        add("this is not YAML: \(problem)", at: nil)
      default:
        add("this is not YAML: \(error)", at: nil)
      }
    }

    /// Where a line begins with the key for the second time; Yams only says where the mapping begins.
    private func secondPlace(of name: String) -> (line: Int, column: Int)? {
      var isFirst = true
      for (index, line) in yaml.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        let indent = line.prefix { $0 == " " }.count
        guard line.dropFirst(indent).hasPrefix("\(name):") else { continue }
        if !isFirst { return (index + 1, indent + 1) }
        isFirst = false
      }
      return nil
    }

    private static func names(under prefix: String) -> [String] {
      var names: [String] = []
      for key in ConfigurationKey.allCases where key.rawValue.hasPrefix(prefix) {
        let name = key.rawValue.dropFirst(prefix.count).prefix { $0 != "." }
        if names.last != String(name) { names.append(String(name)) }
      }
      return names
    }
  }
}
