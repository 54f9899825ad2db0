import Foundation
import PairTraining
import Testing

/// The real MNIST, where this machine has it.
enum MNISTFiles {
  /// `PAIRNET_MNIST_DIR`, or `../shared/data/mnist` beside the package; nil if neither is there.
  static let directory: URL? = {
    let package = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL
    let candidates = [
      ProcessInfo.processInfo.environment["PAIRNET_MNIST_DIR"].map { URL(filePath: $0) },
      package.appending(path: "../shared/data/mnist").standardizedFileURL,
    ]
    return candidates.compactMap { $0 }.first { directory in
      let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
      return names.contains { $0.hasPrefix("train-images") }
    }
  }()

  static var areThere: Bool { directory != nil }
  static let skipped: Comment = "needs MNIST's files in PAIRNET_MNIST_DIR or ../shared/data/mnist"

  /// Read once for all tests.
  static func dataset() throws -> Dataset {
    let directory = try #require(directory)
    let catalog = try #require(catalogs[directory.deletingLastPathComponent().path])
    return try catalog.load(directory.lastPathComponent)
  }

  private static let catalogs: [String: DatasetCatalog] = {
    guard let parent = directory?.deletingLastPathComponent().path else { return [:] }
    return [parent: DatasetCatalog(dataDirectory: parent)]
  }()
}
