import Foundation
import Testing

@testable import pairnetctl

@Suite("Commands in the documentation")
struct DocumentedCommandTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// README.md, and all of docs/.
  private static func documents() throws -> [URL] {
    let docs = root.appending(path: "docs")
    let names = try FileManager.default.contentsOfDirectory(atPath: docs.path)
    return [root.appending(path: "README.md")]
      + names.filter { $0.hasSuffix(".md") }.sorted().map { docs.appending(path: $0) }
  }

  @Test("Every pairnetctl command that the documentation prints is one that the program takes")
  func commands() throws {
    var count = 0
    for document in try Self.documents() {
      for words in Self.commands(in: try String(contentsOf: document, encoding: .utf8)) {
        guard let program = words.firstIndex(of: "pairnetctl") else { continue }
        let arguments = Array(words[(program + 1)...])
        count += 1
        #expect(throws: Never.self, "\(document.lastPathComponent): \(words)") {
          try Pairnetctl.refuseUnknownCommand(in: arguments)
          _ = try Pairnetctl.parseAsRoot(arguments)
        }
      }
    }
    #expect(count > 50)
  }

  @Test("Commands are read from a document as a shell reads them")
  func reading() {
    let text = """
      ```console
      $ sudo pairnetctl jobs --where 'study=a b' \\
          --limit 3   # the newest
      job  study
      ```
      ```sh
      pairnetctl sql "SELECT 1,
        2" 2> progress; pairnetctl status | cat
      ```
      """
    #expect(
      Self.commands(in: text) == [
        ["sudo", "pairnetctl", "jobs", "--where", "study=a b", "--limit", "3"],
        ["pairnetctl", "sql", "SELECT 1,\n  2"], ["pairnetctl", "status"], ["cat"],
      ])
  }

  /// The words of each command in the blocks `sh`, and behind the prompts of the blocks `console`.
  private static func commands(in text: String) -> [[String]] {
    text.matches(of: #/(?ms)^ *```(sh|console)\n(.*?)^ *```/#).flatMap { block in
      let prompt: Character? = block.1 == "console" ? "$" : nil
      var commands: [[String]] = []
      var rest = block.2
      while !rest.isEmpty {
        let line = rest.drop { $0 == " " }
        if let prompt, line.first != prompt {
          rest = rest.drop { $0 != "\n" }.dropFirst()
        } else {
          rest = prompt == nil ? line : line.dropFirst()
          commands += shellLine(&rest)
        }
      }
      return commands
    }
  }

  /// Takes what a shell reads as one line, which quotes and backslashes may continue, and returns its commands.
  private static func shellLine(_ rest: inout Substring) -> [[String]] {
    var commands: [[String]] = [[]]
    var word: String?
    var quote: Character?
    func end() {
      if let word { commands[commands.count - 1].append(word) }
      word = nil
    }
    while let character = rest.popFirst() {
      switch character {
      case "\\" where quote != "'":
        let next = rest.popFirst()
        if let next, next != "\n" { word = (word ?? "") + String(next) }
      case quote: quote = nil
      case _ where quote != nil: word = (word ?? "") + String(character)
      case "'", "\"":
        quote = character
        word = word ?? ""
      case "#" where word == nil: rest = rest.drop { $0 != "\n" }
      case " ": end()
      case ";", "|", "&":
        end()
        commands.append([])
      case ">":
        // The file, and the descriptor before the sign, are no arguments.
        word = nil
        rest = rest.drop { $0 == " " }.drop { !" ;|\n".contains($0) }
      case "\n":
        end()
        return commands.filter { !$0.isEmpty }
      default: word = (word ?? "") + String(character)
      }
    }
    end()
    return commands.filter { !$0.isEmpty }
  }
}
