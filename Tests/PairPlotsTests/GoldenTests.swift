import PairPlots
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The plots in the terminal, character by character. `PAIRNET_UPDATE_GOLDEN=1` writes the files anew: look at them.
@Suite("Plots in the terminal")
struct GoldenTests {
  static let styles: [(name: String, style: TerminalStyle)] = [
    ("unicode", TerminalStyle(width: 64, height: 12)),
    ("ascii", TerminalStyle(width: 64, height: 12, characters: .ascii)),
    ("colour", TerminalStyle(width: 64, height: 12, colour: true)),
  ]

  @Test(
    "A plot is drawn as it was looked at and found good", arguments: Examples.all.map(\.name), styles.map(\.name))
  func golden(plotName: String, styleName: String) throws {
    let plot = try #require(Examples.all.first { $0.name == plotName }).plot
    let style = try #require(Self.styles.first { $0.name == styleName }).style
    let drawn = plot.terminal(style) + "\n"
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let file = URL(filePath: "\(folder)/Golden/\(plotName)-\(styleName).txt")
    if ProcessInfo.processInfo.environment["PAIRNET_UPDATE_GOLDEN"] == "1" {
      try Data(drawn.utf8).write(to: file)
    }
    #expect(drawn == String(decoding: try Data(contentsOf: file), as: UTF8.self))
  }

  @Test("No line is wider than the terminal", arguments: [40, 60, 80, 133])
  func width(columns: Int) {
    for (name, plot) in Examples.all where name != "heat" {
      for line in plot.terminal(TerminalStyle(width: columns)).split(separator: "\n") {
        #expect(line.count <= max(columns, 60), "\(name): \(line)")
      }
    }
  }

  @Test("A grid that is too wide for the terminal goes without spreads, then without marks, and says so")
  func narrowGrid() {
    func lines(_ width: Int) -> [Substring] {
      Heatmap(
        title: "t", valueLabel: "v", columnLabel: "c", columns: ["0", "1", "2", "3"],
        rows: [.init(name: "row", cells: (1...4).map { .value(80 + Double($0), spread: 1.5) })]
      ).terminal(TerminalStyle(width: width)).split(separator: "\n")
    }
    #expect(lines(60).contains { $0.contains("84.0±1.5 █") } && lines(60).last == "v from 81.0 ▁ to 84.0 █")
    #expect(lines(50).contains { $0.contains("84.0 █") && $0.count <= 50 })
    #expect(lines(50).last == "v from 81.0 ▁ to 84.0 █; spreads take 56 columns")
    let wide = Heatmap(
      title: "t", valueLabel: "v", columnLabel: "c", columns: ["0", "1"],
      rows: [.init(name: String(repeating: "x", count: 25), cells: [.value(1, spread: 1), .value(2, spread: 1)])])
    let line = wide.terminal(TerminalStyle(width: 40)).split(separator: "\n").first { $0.hasPrefix("xx") }
    #expect(line?.contains("2.0") == true && line?.contains("█") == false, "\(line ?? "")")
  }

  @Test("Without Unicode there is nothing but ASCII, but for what the caller's own words hold")
  func ascii() {
    let plots: [any Plot] = [
      LinePlot(title: "t", yLabel: "y", curves: Examples.line.curves),
      BoxPlot(title: "t", valueLabel: "v", groups: Examples.box.groups),
      Heatmap(
        title: "t", valueLabel: "v", columnLabel: "c", columns: Examples.heat.columns, rows: Examples.heat.rows),
    ]
    for plot in plots {
      #expect(plot.terminal(TerminalStyle(characters: .ascii)).utf8.allSatisfy { $0 < 128 })
    }
  }

  @Test("Without colour there are no escape sequences, with it every line ends plain")
  func colour() throws {
    for (_, plot) in Examples.all {
      #expect(!plot.terminal(TerminalStyle()).contains("\u{1B}"))
      for line in plot.terminal(TerminalStyle(colour: true)).split(separator: "\n") where line.contains("\u{1B}") {
        let afterLast = try #require(line.split(separator: "\u{1B}").last)
        #expect(afterLast.hasPrefix("[0m"))
      }
    }
  }
}
