import Foundation
import Testing

@Suite("docs/api.md")
struct APIDocumentTests {
  @Test("Its commands do what they say against a fresh daemon")
  func commands() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "docs/api.md"), encoding: .utf8)
    let blocks = text.components(separatedBy: "```sh\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
    #expect(blocks.count == 5)
    let daemon = try PrivateDaemon(workers: 1)
    for block in blocks {
      // An answer that is not a success ends curl with a status of its own.
      let script = "set -e; curl() { command curl --fail-with-body \"$@\"; echo; }\n\(block)"
      let program = try Program(
        ["/bin/sh", "-c", script],
        environment: ["PATH": "/usr/bin:/bin", "PAIRNET_SOCKET": daemon.socket], filesIn: daemon.directory)
      let output = program.wait()
      #expect(output.status == 0, "\(block)\n\(output)")
      for line in output.lines { #expect(line.hasPrefix("{") && line.hasSuffix("}"), "\(line)") }
    }
  }
}
