/// The name that somebody meant who mistyped one.
package enum NearName {
  /// The choice that is the fewest slips away from `text`, upper and lower case being alike, and of equals the first.
  ///
  /// A slip is a character too many, missing, wrong or exchanged with its neighbour (the optimal string alignment
  /// distance). Nil if every choice takes more than a slip for each three characters.
  package static func of(_ text: String, among choices: [String]) -> String? {
    let wanted = Array(text.lowercased())
    guard wanted.count <= 64 else { return nil }
    let near = choices.map { (name: $0, slips: slips(wanted, Array($0.lowercased()))) }.min { $0.slips < $1.slips }
    guard let near, near.slips <= max(1, wanted.count / 3), near.slips < wanted.count else { return nil }
    return near.name
  }

  /// ` (did you mean batch_norm?)` to end a list of what is allowed; empty if nothing is near.
  package static func hint(_ text: String, among choices: [String]) -> String {
    of(text, among: choices).map { " (did you mean \($0)?)" } ?? ""
  }

  private static func slips(_ a: [Character], _ b: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var slips = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { slips = min(slips, beforeLast[j - 1] + 1) }
        row.append(slips)
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}

extension SpecError {
  /// - Parameter choices: the only values that there are.
  package init(key: String, value: String, oneOf choices: [String], isUnfit: Bool = false) {
    self.init(
      key: key, value: value,
      allowed: "give one of \(choices.joined(separator: ", "))\(NearName.hint(value, among: choices))", isUnfit: isUnfit
    )
  }
}
