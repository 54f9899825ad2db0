import Foundation

/// The command line.
struct Options {
  var rows = 1_000_000
  var idleSeconds = 30.0
  var programs = ".build/release"
  var json: String?
  var parts = Part.allCases

  enum Part: String, CaseIterable { case programs, scheduler, store }

  struct Wrong: Error, CustomStringConvertible { let description: String }

  init(_ arguments: some Sequence<String>) throws {
    var rest = Array(arguments)[...]
    while let name = rest.popFirst() {
      guard let value = rest.popFirst() else { throw Wrong(description: "\(name): a value is missing") }
      switch name {
      case "--rows":
        guard let rows = Int(value), rows >= 200_000 else {
          throw Wrong(description: "--rows: '\(value)' is not allowed; give 200000 or more")
        }
        self.rows = rows
      case "--idle":
        guard let seconds = Double(value), seconds > 0 else {
          throw Wrong(description: "--idle: '\(value)' is not allowed; give seconds above 0")
        }
        idleSeconds = seconds
      case "--programs": programs = value
      case "--json": json = value
      case "--only":
        guard let part = Part(rawValue: value) else {
          throw Wrong(description: "--only: '\(value)' is not allowed; give programs, scheduler or store")
        }
        parts = [part]
      default: throw Wrong(description: "\(name): the options are --rows, --idle, --programs, --only and --json")
      }
    }
  }
}
