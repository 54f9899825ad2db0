extension Parameter {
  /// The values that a text on the command line lists: `0,0.1,0.5`, `1-10`, `0-0.8:0.2`, `all`, `both`, `yes`.
  ///
  /// - Throws: `SpecError` naming the part that cannot be read.
  package func values(listedIn text: String) throws(SpecError) -> [ParameterValue] {
    var values: [ParameterValue] = []
    for part in text.parts(separatedBy: ",") {
      let part = part.trimmed
      do { values += try self.values(in: part) } catch {
        // A number is named as it was written: 1e400, and not what was read of it.
        var refusal = error
        if Double(part) != nil { refusal.value = part }
        throw refusal
      }
      guard values.count <= Grid.cellsMax else {
        throw SpecError(key: key, value: part, allowed: "list at most \(Grid.cellsMax) values")
      }
    }
    return values
  }

  private func values(in part: String) throws(SpecError) -> [ParameterValue] {
    switch kind {
    case .choice(let choices):
      if part.lowercased() == "all" { return choices.map { .text($0) } }
      guard let choice = choices.first(where: { $0.lowercased() == part.lowercased() }) else {
        throw refusal(part)
      }
      return [.text(choice)]
    case .flag:
      switch part.lowercased() {
      case "true", "yes", "on", "1": return [.flag(true)]
      case "false", "no", "off", "0": return [.flag(false)]
      case "both": return [.flag(false), .flag(true)]
      default: throw SpecError(key: key, value: part, allowed: "give yes, no or both")
      }
    case .integer:
      if let value = Int64(part) { return [try checked(.integer(value))] }
      guard let (from, to, step) = Self.range(part), let first = Int64(from), let last = Int64(to),
        let stride = Int64(step ?? "1"), stride > 0, first <= last
      else { throw SpecError(key: key, value: part, allowed: "\(allowed), or a rising range, as in 1-10") }
      guard (last - first) / stride < Int64(Grid.cellsMax) else {
        throw SpecError(key: key, value: part, allowed: "a grid has at most \(Grid.cellsMax) cells")
      }
      _ = try checked(.integer(first))
      _ = try checked(.integer(last))
      return Swift.stride(from: first, through: last, by: Int(stride)).map { .integer($0) }
    case .number:
      if let value = Double(part) { return [try checked(.number(value))] }
      guard let (from, to, step) = Self.range(part), let first = Double(from), let last = Double(to),
        let stride = step.flatMap(Double.init), first.isFinite, last.isFinite, stride > 0, first <= last,
        (last - first) / stride < Double(Grid.cellsMax)
      else {
        throw SpecError(key: key, value: part, allowed: "\(allowed), or a rising range with its step, as in 0-0.8:0.2")
      }
      let count = Int(((last - first) / stride + 1e-9).rounded(.down))
      var values: [ParameterValue] = []
      for index in 0...count {
        // Rounded to nine decimals, so that 3 x 0.2 is 0.6 and not 0.6000000000000001.
        values.append(try checked(.number(((first + Double(index) * stride) * 1e9).rounded() / 1e9)))
      }
      return values
    case .name:
      return [try checked(.text(part))]
    }
  }

  /// `FROM-TO` or `FROM-TO:STEP`; a minus sign after an `e` belongs to its number.
  private static func range(_ text: String) -> (from: String, to: String, step: String?)? {
    let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let characters = Array(halves[0])
    guard
      let dash = characters.indices.first(where: {
        $0 > 0 && characters[$0] == "-" && !"eE".contains(characters[$0 - 1])
      })
    else { return nil }
    return (
      String(characters[..<dash]), String(characters[(dash + 1)...]), halves.count > 1 ? String(halves[1]) : nil
    )
  }
}

extension String {
  /// Without white space at its ends.
  var trimmed: String {
    var slice = unicodeScalars[...]
    while slice.first?.properties.isWhitespace == true { slice.removeFirst() }
    while slice.last?.properties.isWhitespace == true { slice.removeLast() }
    return String(slice)
  }

  /// What stands between the separators, empty parts included.
  ///
  /// `split` goes by what a reader sees as one character: it passes over a comma before a combining mark or a modifier.
  package func parts(separatedBy separator: Unicode.Scalar, atMost count: Int = .max) -> [String] {
    unicodeScalars.split(separator: separator, maxSplits: count - 1, omittingEmptySubsequences: false).map {
      String($0)
    }
  }
}
