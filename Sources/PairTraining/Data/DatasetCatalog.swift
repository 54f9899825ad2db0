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

  private struct Draw: Hashable {
    var datasetDigest: String
    var seed: Int64
    var trainPairs: Int
    var testPairs: Int
    var evaluateOn: EvaluationSplit
  }

  package let dataDirectory: String
  private let systemDirectory: String
  /// Up to 1 GiB of images; MNIST is 55 MB. Held while a dataset is read: what two jobs want at once is read once, and
  /// who wants another waits a second at most.
  private let loaded = Mutex(RecentlyUsed<String, Loaded>(capacity: 1 << 30))
  /// The pairs of some twenty jobs of the usual size: the cells of a grid train many models on the pairs of one seed.
  private let drawn = Mutex(RecentlyUsed<Draw, PairData>(capacity: 64 << 20))

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
      if let known = loaded.value(for: name), known.stamps == stamps { return known.dataset }
      loaded.remove(name)  // Two versions of a dataset need not fit in memory.
      let dataset = name == SyntheticDataset.name ? SyntheticDataset.draw() : try IDXDirectory.load(name, from: files)
      loaded.insert(Loaded(dataset: dataset, stamps: stamps), for: name, cost: dataset.byteCount)
      return dataset
    }
  }

  /// The pairs that the spec asks for; kept for the jobs that draw the same.
  ///
  /// - Throws: `DatasetError.unsuited` if the dataset has too few images.
  package func pairs(of dataset: Dataset, for spec: JobSpec) throws(DatasetError) -> PairData {
    let draw = Draw(
      datasetDigest: dataset.digest, seed: spec.seed, trainPairs: spec.trainPairs, testPairs: spec.testPairs,
      evaluateOn: spec.evaluateOn)
    if let known = drawn.withLock({ $0.value(for: draw) }) { return known }
    // Without the lock: two jobs at once may draw the same pairs, and get the same bits.
    let pairs = try PairData(dataset: dataset, spec: spec)
    drawn.withLock { $0.insert(pairs, for: draw, cost: pairs.byteCount) }
    return pairs
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
