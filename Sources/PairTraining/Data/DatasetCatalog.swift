import PairCore
import Synchronization

/// The datasets that jobs may name.
///
/// `synthetic` is drawn, and always there. Any other name is a directory of IDX files: `<data directory>/<name>`, or
/// where a distribution's package puts it.
package final class DatasetCatalog: Sendable {
  /// What `listing` says of one dataset.
  package struct Entry: Hashable, Sendable {
    package var name: String
    package var available: Bool
    /// Where it is read from, or what is missing and how to get it.
    package var detail: String
  }

  private struct Loaded {
    var dataset: Dataset
    /// What the files were when they were read; none for `synthetic`.
    var stamps: [InputFile.Stamp]
  }

  package let dataDirectory: String
  private let systemDirectory: String
  /// Held while a dataset is read: what two jobs want at once is read once, and readers of another wait a second at most.
  private let loaded = Mutex<[String: Loaded]>([:])

  /// - Parameter systemDirectory: where packages put data that programs share.
  package init(dataDirectory: String, systemDirectory: String = "/usr/share") {
    self.dataDirectory = dataDirectory
    self.systemDirectory = systemDirectory
  }

  /// The dataset of that name; read once, and again when its files have changed.
  ///
  /// - Throws: `DatasetError.missing`, `.unusable`, or `.unsuited` for a name that no dataset can have.
  package func load(_ name: String) throws(DatasetError) -> Dataset {
    do throws(SpecError) {
      _ = try Parameter.dataset.checked(.text(name))
    } catch {
      throw .unsuited(error)  // A name never leads out of the directories.
    }
    return try loaded.withLock { loaded throws(DatasetError) in
      let files = name == SyntheticDataset.name ? [:] : try find(name)
      let stamps = IDXDirectory.Part.allCases.compactMap { files[$0]?.stamp }
      if let known = loaded[name], known.stamps == stamps { return known.dataset }
      loaded[name] = nil  // Two versions of a dataset need not fit in memory.
      let dataset = name == SyntheticDataset.name ? SyntheticDataset.draw() : try IDXDirectory.load(name, from: files)
      loaded[name] = Loaded(dataset: dataset, stamps: stamps)
      return dataset
    }
  }

  /// `synthetic`, `mnist` and every directory with IDX files, sorted by name. Files are looked for, not read.
  package func listing() -> [Entry] {
    var names = Set(["mnist", SyntheticDataset.name])
    for name in InputFile.names(inDirectory: dataDirectory) + ["fashion-mnist"] where isThere(name) {
      names.insert(name)
    }
    return names.sorted().map(entry)
  }

  private func isThere(_ name: String) -> Bool {
    guard (try? Parameter.dataset.checked(.text(name))) != nil else { return false }
    return candidates(name).contains { directory in
      // A directory that cannot be looked into is listed too: its entry says why.
      guard let files = try? directory.files() else { return true }
      return !files.isEmpty
    }
  }

  private func entry(_ name: String) -> Entry {
    guard name != SyntheticDataset.name else {
      return Entry(name: name, available: true, detail: SyntheticDataset.summary)
    }
    do throws(DatasetError) {
      let path = try find(name)[.trainImages]?.path ?? ""
      return Entry(name: name, available: true, detail: String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
    } catch {
      switch error {
      case .missing(_, let advice): return Entry(name: name, available: false, detail: advice)
      case .unusable, .unsuited: return Entry(name: name, available: false, detail: error.description)
      }
    }
  }

  /// The directories to look in, the first one that holds any of the files counts.
  private func candidates(_ name: String) -> [IDXDirectory] {
    ["\(dataDirectory)/\(name)", "\(systemDirectory)/datasets/\(name)", "\(systemDirectory)/dataset-\(name)"]
      .map(IDXDirectory.init(path:))
  }

  /// The four files of a dataset.
  private func find(_ name: String) throws(DatasetError) -> IDXDirectory.Files {
    let candidates = candidates(name)
    for candidate in candidates {
      let files = try candidate.files()
      guard !files.isEmpty else { continue }
      let missing = IDXDirectory.missing(from: files)
      guard missing.isEmpty else {
        throw .missing(
          name: name, advice: "\(candidate.path) has no \(missing.joined(separator: ", no ")); \(remedy(name))")
      }
      return files
    }
    throw .missing(
      name: name,
      advice: "no IDX files in \(candidates.map(\.path).joined(separator: ", ")); \(remedy(name))")
  }

  private func remedy(_ name: String) -> String {
    let byHand =
      "place \(IDXDirectory.missing(from: [:]).joined(separator: ", ")) (or the same without .gz) "
      + "in \(dataDirectory)/\(name)"
    return PublishedDataset.named(name) == nil ? byHand : "run 'pairnetctl data fetch \(name)', or \(byHand)"
  }
}
