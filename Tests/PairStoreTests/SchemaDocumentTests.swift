import Foundation
import GRDB
import PairCore
import StoreTesting
import Testing

@testable import PairStore

@Suite struct SchemaDocumentTests {
  let directory: TemporaryDirectory
  let store: Store

  init() throws {
    directory = try TemporaryDirectory()
    store = try directory.open()
    for dropout in [0, 0.5] {
      try store.submit(test: specs(seeds: 1...4, ["dropout": .number(dropout)]))
    }
    for accuracy in [0.8, 0.82, 0.81, 0.83, 0.85, 0.84] { try store.run(testAccuracy: accuracy) }
    let job = try #require(try store.claim(by: 1))
    try store.finish(job.attempt, with: .diverged(epoch: 1), after: .seconds(1))
  }

  /// The fenced blocks of a language.
  static func blocks(_ language: String) throws -> [String] {
    let text = try String(contentsOf: packageRoot.appendingPathComponent("docs/schema.md"), encoding: .utf8)
    return text.components(separatedBy: "```\(language)\n").dropFirst().map {
      $0.components(separatedBy: "\n```")[0]
    }
  }

  @Test("Every query in docs/schema.md runs and finds something", arguments: try blocks("sql"))
  func queries(sql: String) throws {
    // As a reader from outside runs it.
    var configuration = Configuration()
    configuration.readonly = true
    let rows = try DatabaseQueue(path: directory.databasePath, configuration: configuration).read {
      try Row.fetchAll($0, sql: sql)
    }
    #expect(!rows.isEmpty)
  }

  @Test("The document has queries to run")
  func hasQueries() throws { #expect(try Self.blocks("sql").count >= 5) }

  @Test("docs/schema.md has every table, view and column")
  func complete() throws {
    let text = try String(contentsOf: packageRoot.appendingPathComponent("docs/schema.md"), encoding: .utf8)
    try store.pool.read { database in
      let relations = try String.fetchAll(
        database, sql: "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'")
      for relation in relations {
        let sections = text.components(separatedBy: "### `\(relation)`")
        guard sections.count == 2 else {
          Issue.record("\(relation) has no section of its own")
          continue
        }
        let section = sections[1].components(separatedBy: "\n#")[0]
        let columns = try String.fetchAll(
          database, sql: "SELECT name FROM pragma_table_info(?)", arguments: [relation])
        for column in columns {
          #expect(section.contains("`\(column)`"), "\(relation).\(column) is not explained")
        }
      }
    }
  }
}
