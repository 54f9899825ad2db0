/// The datasets that jobs may name.
package final class DatasetCatalog: Sendable {
  /// What `listing` says of one dataset.
  package struct Entry: Hashable, Sendable {
    package var name: String
    package var available: Bool
    /// Where it lies, or what is missing and how to get it.
    package var detail: String
  }

  private let dataDirectory: String

  package init(dataDirectory: String) {
    self.dataDirectory = dataDirectory
  }

  /// The dataset of that name; loaded once, and again when its files change.
  ///
  /// - Throws: `DatasetError.missing` or `.unusable`.
  package func load(_ name: String) throws(DatasetError) -> Dataset {
    throw .missing(name: name, advice: "reading \(dataDirectory) is still to come")
  }

  /// All datasets that are there, and `mnist` even if it is not.
  package func listing() -> [Entry] { [] }
}
