/// The long text of a help: paragraphs, indented examples, and parts with headings such as EXAMPLES.
struct Discussion {
  enum Block: Hashable {
    case paragraph(String)
    /// Without the two spaces that mark it.
    case indented([String])
  }

  struct Part: Hashable {
    /// nil for what stands before the first heading.
    var heading: String?
    var blocks: [Block]
  }

  private(set) var parts: [Part] = [Part(heading: nil, blocks: [])]

  init(_ text: String) {
    var lines: [Substring] = []
    var isIndented = false
    func flush(_ parts: inout [Part]) {
      defer { lines = [] }
      guard !lines.isEmpty else { return }
      parts[parts.count - 1].blocks.append(
        isIndented ? .indented(lines.map { String($0.dropFirst(2)) }) : .paragraph(lines.joined(separator: " ")))
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let indented = line.hasPrefix("  ")
      if indented != isIndented { flush(&parts) }
      isIndented = indented
      if line.allSatisfy(\.isWhitespace) {
        flush(&parts)
      } else if line.hasSuffix(":"), line.dropLast().allSatisfy({ $0.isUppercase || $0 == " " }) {
        flush(&parts)
        parts.append(Part(heading: String(line.dropLast()), blocks: []))
      } else {
        lines.append(line)
      }
    }
    flush(&parts)
    // A heading in the middle of a paragraph of the source ends with it; what follows belongs to the text again.
    for index in parts.indices.reversed() where parts[index].heading != nil {
      guard let end = parts[index].blocks.firstIndex(where: { if case .indented = $0 { false } else { true } }),
        end > 0
      else { continue }
      parts[0].blocks += parts[index].blocks[end...]
      parts[index].blocks.removeSubrange(end...)
    }
  }

  func part(_ heading: String) -> Part? { parts.first { $0.heading == heading } }
}

extension Discussion.Part {
  /// `KEY  meaning` in every line: a list; anything else indented is shown as it stands.
  var mdoc: String {
    blocks.map { block in
      switch block {
      case .paragraph(let text): return ".Pp\n" + Mdoc.lines(text)
      case .indented(let lines):
        let terms = lines.map { line -> (term: String, text: String)? in
          guard heading != "EXAMPLES", !line.hasPrefix(" "), let gap = line.firstRange(of: "  ") else { return nil }
          return (
            Mdoc.argument(String(line[..<gap.lowerBound])),
            String(line[gap.upperBound...].drop(while: \.isWhitespace))
          )
        }
        let items = terms.compactMap { $0 }
        return items.count == lines.count ? Mdoc.list(items) : Mdoc.literal(lines)
      }
    }.joined()
  }
}
