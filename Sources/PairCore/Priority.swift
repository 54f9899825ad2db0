/// Which of the waiting jobs a worker takes first; of equals the one that was submitted first.
package enum Priority: String, CaseIterable, Codable, Comparable, Sendable {
  case low, normal, high, urgent

  /// As the store keeps it: 0 for low to 3 for urgent.
  package var rank: Int { Self.allCases.firstIndex(of: self)! }

  package init?(rank: Int) {
    guard Self.allCases.indices.contains(rank) else { return nil }
    self = Self.allCases[rank]
  }

  package static func < (a: Priority, b: Priority) -> Bool { a.rank < b.rank }

  /// - Throws: `SpecError` naming the word that is no priority.
  package init(parsing text: String) throws(SpecError) { try self.init(exactly: text.trimmed.lowercased()) }

  /// - Throws: as `init(parsing:)`, also for another spelling.
  package init(exactly text: String) throws(SpecError) {
    guard let priority = Priority(rawValue: text) else {
      throw SpecError(key: "priority", value: text, oneOf: Self.allCases.map(\.rawValue))
    }
    self = priority
  }

  /// The priorities that a text lists: `high,urgent`.
  package static func priorities(listedIn text: String) throws(SpecError) -> [Priority] {
    var priorities: [Priority] = []
    for part in text.parts(separatedBy: ",") {
      priorities.append(try Priority(parsing: part))
    }
    return priorities
  }
}
