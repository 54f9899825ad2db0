import Glibc
import Testing

@testable import pairnetctl

/// The manual pages and completions, as `make install` makes them.
@Suite("Manual pages and shell completions", .serialized)
struct ManualTests {
  private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/")
  private static func isInstalled(_ program: String) -> Bool {
    ["/bin", "/usr/bin", "/usr/local/bin"].contains { access("\($0)/\(program)", X_OK) == 0 }
  }

  /// Made once, beside the built programs.
  private static let directory = "\(Program.directory)/manual-test"
  private static let made = Result {
    try Program(
      ["/bin/sh", "-c", "mkdir -p \(directory) && \(root)/scripts/make-manual \(Program.directory) \(directory)"],
      environment: ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"], filesIn: "/tmp"
    ).wait()
  }

  private var directory: String { Self.directory }

  init() throws {
    let made = try Self.made.get()
    try #require(made.status == 0 && made.standardError.isEmpty, "\(made)")
  }

  private func shell(_ script: String) throws -> ProgramOutput {
    try Program(
      ["/bin/sh", "-c", script], environment: ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": directory],
      filesIn: directory
    ).wait()
  }

  private func page(_ name: String) throws -> String {
    String(decoding: try WholeFile.read("\(directory)/\(name)"), as: UTF8.self)
      .replacing("\\-", with: "-").replacing("\\&", with: "")
  }

  /// The long options that a page or a help names.
  private func options(in text: String) -> Set<String> {
    // `.Fl -output` is how a page writes --output.
    Set(text.replacing("Fl -", with: "--").matches(of: #/--[a-z][a-z0-9-]+/#).map { String($0.output) })
  }

  @Test("The client's page names every command, and just the options that their --help names")
  func client() throws {
    let page = try page("pairnetctl.1")
    var commands: [[String]] = []
    func visit(_ path: [String]) throws {
      let help = try Program(
        ["pairnetctl"] + path + ["--help"], environment: ["COLUMNS": "200"], filesIn: directory
      ).wait().standardOutput
      let parts = help.components(separatedBy: "SUBCOMMANDS:\n")
      guard parts.count == 2 else { return commands.append(path) }
      for line in parts[1].split(separator: "\n") where line.prefixMatch(of: #/  [a-z]/#) != nil {
        try visit(path + [String(line.split(separator: " ")[0])])
      }
    }
    try visit([])
    #expect(commands.count > 15 && commands.contains(["submit", "grid"]))
    var named: Set<String> = []
    for command in commands {
      let heading = ".Ss \(command.joined(separator: " "))\n"
      let start = try #require(page.firstRange(of: heading), "\(command)").upperBound
      let rest = page[start...]
      let part = rest[..<(rest.firstRange(of: "\n.S")?.lowerBound ?? rest.endIndex)]
      let help = try Program(
        ["pairnetctl"] + command + ["--help"], environment: ["COLUMNS": "200"], filesIn: directory
      ).wait()
      let expected = options(in: help.standardOutput).subtracting(["--help", "--version"])
      #expect(options(in: String(part)).isSuperset(of: expected), "\(command)")
      named.formUnion(expected)
    }
    #expect(options(in: page).subtracting(["--help", "--version"]) == named)
    for heading in ["ENVIRONMENT", "EXIT STATUS", "EXAMPLES"] { #expect(page.contains("\n.Sh \(heading)\n")) }
  }

  @Test("The daemon's page has just the options of its --help, and the configuration's every setting")
  func daemon() throws {
    let help = try Program(["pairnetd", "--help"], environment: [:], filesIn: directory).wait().standardOutput
    #expect(try options(in: page("pairnetd.8")) == options(in: help))
    let printed = try Program(
      ["pairnetd", "--print-config"], environment: ["PATH": "/bin"], filesIn: directory
    ).wait().standardOutput
    let settings = try page("pairnetd.yaml.5")
    let file = String(decoding: try WholeFile.read("\(Self.root)/etc/pairnet/pairnetd.yaml"), as: UTF8.self)
    let keys = file.matches(of: #/(?m)^ *#([a-z_]+):/#).map { String($0.output.1) }
    #expect(keys.count >= 8 && printed.contains("log_level"))
    for key in keys {
      #expect(settings.matches(of: try Regex("(?m)^\\.It Cm ([a-z_]+\\.)?\(key)$")).count == 1, "\(key)")
    }
  }

  @Test(
    "mandoc finds nothing to warn about", .enabled(if: isInstalled("mandoc"), "needs mandoc"),
    arguments: ["pairnetctl.1", "pairnetd.8", "pairnetd.yaml.5"])
  func mandoc(name: String) throws {
    let output = try shell("mandoc -T lint -W warning \(directory)/\(name)")
    #expect(output.status == 0 && output.standardOutput.isEmpty, "\(output)")
  }

  @Test(
    "groff formats every page without a warning", .enabled(if: isInstalled("troff"), "needs groff"),
    arguments: ["pairnetctl.1", "pairnetd.8", "pairnetd.yaml.5"])
  func groff(name: String) throws {
    let output = try shell("groff -ww -man -Tutf8 -z \(directory)/\(name)")
    #expect(output.status == 0 && output.standardError.isEmpty, "\(output)")
  }

  @Test("The units name pages that there are")
  func units() throws {
    let named = try shell("cat \(Self.root)/systemd/*.service \(Self.root)/systemd/*.socket").standardOutput
      .matches(of: #/man:([a-z.]+)\(([0-9])\)/#)
    #expect(!named.isEmpty)
    for page in named {
      #expect(access("\(directory)/\(page.output.1).\(page.output.2)", R_OK) == 0, "\(page.output.0)")
    }
  }

  @Test("Each shell takes its completions", arguments: ["bash", "zsh", "fish"])
  func completions(name: String) throws {
    let script = "\(directory)/pairnetctl.\(name)"
    #expect(String(decoding: try WholeFile.read(script), as: UTF8.self).contains("half-width"))
    guard Self.isInstalled(name) else { return }
    let output = try shell("\(name) -n \(script)")
    #expect(output.status == 0 && output.standardError.isEmpty, "\(output)")
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [Substring] { split(separator: separator) }
}
