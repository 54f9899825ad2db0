import PairPlots
import Testing

#if canImport(FoundationXML)
  import Foundation
  import FoundationXML
#else
  import Foundation
#endif

@Suite("Plots as SVG")
struct SVGTests {
  /// Reads a document and gathers what it is made of.
  private final class Reader: NSObject, XMLParserDelegate {
    var elements: [(name: String, attributes: [String: String])] = []
    var text = ""

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      elements.append((name, attributes))
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
  }

  private func read(_ plot: any Plot) throws -> Reader {
    let reader = Reader()
    let parser = XMLParser(data: Data(plot.svg().utf8))
    parser.delegate = reader
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    return reader
  }

  @Test("Every plot is one well-formed document without scripts, links or numbers that are none")
  func wellFormed() throws {
    for (name, plot) in Examples.all {
      let reader = try read(plot)
      let names = Set(reader.elements.map(\.name))
      #expect(
        names.isSubset(of: ["svg", "title", "desc", "rect", "line", "polygon", "polyline", "circle", "text"]), "\(name)"
      )
      let values = reader.elements.flatMap(\.attributes.values)
      #expect(!values.contains { $0.contains("nan") || $0.contains("inf") || $0.contains("url(") }, "\(name)")
      #expect(reader.elements.first?.attributes["role"] == "img")
    }
  }

  @Test("Thirty equal runs take no more room than a few")
  func equalRuns() throws {
    func height(_ runs: Int) throws -> Double {
      let plot = BoxPlot(
        title: "t", valueLabel: "v", groups: [.init(name: "g", values: Array(repeating: 1, count: runs) + [2])])
      let page = try #require(try read(plot).elements.first)
      return try #require(page.attributes["height"].flatMap { Double($0) })
    }
    let (few, some, many) = (try height(3), try height(6), try height(30))
    #expect(abs(many - some) < 1 && few < some)
  }

  @Test("Everything lies within the page")
  func within() throws {
    for (name, plot) in Examples.all {
      let reader = try read(plot)
      let page = try #require(reader.elements.first)
      let width = try #require(page.attributes["width"].flatMap { Double($0) })
      let height = try #require(page.attributes["height"].flatMap { Double($0) })
      for element in reader.elements {
        for key in ["x", "x1", "x2", "cx"] {
          guard let x = element.attributes[key].flatMap({ Double($0) }) else { continue }
          #expect((0...width).contains(x), "\(name): \(element)")
        }
        for key in ["y", "y1", "y2", "cy"] {
          guard let y = element.attributes[key].flatMap({ Double($0) }) else { continue }
          #expect((0...height).contains(y), "\(name): \(element)")
        }
      }
    }
  }

  @Test("Names are escaped, whatever they hold")
  func escaping() throws {
    let name = "a < b & \"c\" > d\u{1}"
    let plot = BoxPlot(title: name, valueLabel: name, groups: [.init(name: name, values: [1, 2])])
    let reader = try read(plot)
    #expect(reader.text.contains("a < b & \"c\" > d "))
  }

  @Test("A box plot has a point for every run, and a line plot a line for every curve")
  func marks() throws {
    let box = try read(Examples.box)
    #expect(box.elements.count { $0.name == "circle" } == 21)
    #expect(box.text.contains("no run succeeded"))
    let line = try read(Examples.line)
    #expect(line.elements.count { $0.name == "polyline" } == 2)
    #expect(line.text.contains("BaseNetAux (a run ended at 9)"))
    let heat = try read(Examples.heat)
    #expect(heat.text.contains("failed"))
    #expect(heat.text.contains("75.2"))
  }
}
