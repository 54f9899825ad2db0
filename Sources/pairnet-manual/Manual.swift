import Foundation

/// Writes the manual pages: what `--help` says, in the form that `man` reads, so that neither can forget the other.
///
///     pairnetctl --experimental-dump-help | pairnet-manual 1 > pairnetctl.1
///     pairnetd --experimental-dump-help | pairnet-manual 8 > pairnetd.8
///     pairnet-manual 5 < etc/pairnet/pairnetd.yaml > pairnetd.yaml.5
@main
enum Manual {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.count == 1, let section = arguments.first, ["1", "5", "8"].contains(section) else {
      fail("usage: pairnet-manual 1|8 < dumped help, or pairnet-manual 5 < pairnetd.yaml", status: 64)
    }
    let input = FileHandle.standardInput.readDataToEndOfFile()
    do {
      let page =
        section == "5"
        ? ConfigurationPage(String(decoding: input, as: UTF8.self)).page(date: date)
        : ProgramPage(try JSONDecoder().decode(DumpedHelp.self, from: input).command, section: section).page(date: date)
      FileHandle.standardOutput.write(Data(page.utf8))
    } catch {
      fail("standard input is no dumped help: \(error)", status: 65)
    }
  }

  /// Today, or the time of the sources if the build is to be reproducible.
  ///
  /// - Source: https://reproducible-builds.org/specs/source-date-epoch/
  private static var date: String {
    let epoch = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"].flatMap { Double($0) }
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "UTC")
    formatter.dateFormat = "MMMM d, yyyy"
    return formatter.string(from: epoch.map { Date(timeIntervalSince1970: $0) } ?? Date())
  }

  private static func fail(_ message: String, status: Int32) -> Never {
    FileHandle.standardError.write(Data("pairnet-manual: error: \(message)\n".utf8))
    exit(status)
  }
}
