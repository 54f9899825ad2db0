import ArgumentParser
import PairAPI
import PairCore

struct DataFetch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: "Download a dataset and verify it.",
    discussion: """
      Needs the program curl. Files that are there and right are left alone, an
      interrupted download goes on where it stopped, and a file gets its name only
      once its SHA-256 is right.

      EXAMPLES:
        sudo pairnetctl data fetch mnist
        pairnetctl data fetch mnist --to ~/data/mnist
        pairnetctl data fetch mnist --mirror http://localhost:8000/mnist/
      """)

  static let defaultDataDirectory = "/var/lib/pairnet/data"

  @Argument(help: "The dataset: \(PublishedDataset.all.map(\.name).joined(separator: ", ")).")
  var dataset: String

  @Option(
    help: ArgumentHelp(
      "Where to put the files. (default: <the daemon's data directory>/<dataset>)", valueName: "directory"),
    completion: .directory)
  var to: String?

  @Option(
    help: ArgumentHelp(
      "Download from this directory instead of the public mirrors; may be given several times.", valueName: "url"))
  var mirror: [String] = []

  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    if to?.isEmpty == true { throw ValidationError("--to: '' is not allowed; give a directory") }
    for url in mirror where !["http://", "https://"].contains(where: { url.lowercased().hasPrefix($0) }) {
      throw ValidationError("--mirror: '\(url)' is not allowed; give an http:// or https:// address")
    }
  }

  func run() throws {
    guard let published = PublishedDataset.named(dataset) else {
      throw Failure(
        .usage,
        "dataset: '\(dataset)' cannot be fetched; give one of "
          + "\(PublishedDataset.all.map(\.name).joined(separator: ", ")). "
          + "Any other dataset is a directory of IDX files in the daemon's data directory.")
    }
    let mirrors = mirror.isEmpty ? published.mirrors : mirror.map { $0.hasSuffix("/") ? $0 : "\($0)/" }
    try DatasetFetch(dataset: published, directory: directory(), mirrors: mirrors).run()
  }

  private func directory() -> String {
    if let to { return to }
    do {
      let status: StatusResponse = try connection.client.get(.status)
      return "\(status.dataDirectory)/\(dataset)"
    } catch {
      note("no daemon answers; taking its default data directory, \(Self.defaultDataDirectory)")
      return "\(Self.defaultDataDirectory)/\(dataset)"
    }
  }
}
