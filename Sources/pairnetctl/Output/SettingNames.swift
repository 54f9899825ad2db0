import PairCore

/// Short names for settings: `BaseNet, batch_norm yes`. What all of them share is in the plot's title instead.
struct SettingNames: Hashable {
  /// The keys that names are made of.
  private let keys: [String]
  /// `: BaseNet, dropout 0` if all settings agree in something; empty if not.
  let suffix: String

  init(of groups: [[String: ParameterValue]], by: [String]) {
    let differing = by.filter { key in groups.contains { $0[key] != groups.first?[key] } }
    let named = differing.isEmpty ? Array(by.prefix(1)) : differing
    keys = named
    let shared = by.filter { !named.contains($0) }
    let text = Self.text(groups.first ?? [:], shared)
    suffix = text.isEmpty ? "" : ": \(text)"
  }

  func name(_ group: [String: ParameterValue]) -> String {
    let name = Self.text(group, keys)
    return name.isEmpty ? "all" : name
  }

  static func text(_ group: [String: ParameterValue], _ keys: [String]) -> String {
    keys.compactMap { key in
      guard let value = group[key] else { return nil }
      if key == Parameter.model.key { return Format.value(value) }
      return "\(key) \(Parameter.named(key) == nil ? String(value.description.prefix(12)) : Format.value(value))"
    }.joined(separator: ", ")
  }
}
