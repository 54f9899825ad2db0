/// A directory that holds a dataset as four IDX files, named as MNIST's are.
struct IDXDirectory {
  /// A file that was found, and what tells it from one that takes its place.
  struct File {
    var path: String
    var stamp: InputFile.Stamp
  }

  typealias Files = [Part: File]

  let path: String

  /// The four files, in the order in which they are read.
  enum Part: String, CaseIterable {
    case trainImages = "train-images"
    case trainLabels = "train-labels"
    case testImages = "t10k-images"
    case testLabels = "t10k-labels"

    var itemShape: [Int] {
      switch self {
      case .trainImages, .testImages: [LabelledImages.side, LabelledImages.side]
      case .trainLabels, .testLabels: []
      }
    }

    /// The names that the file may have; the first one found is read. Content, not name, tells what is compressed.
    var fileNames: [String] {
      let rank = itemShape.count + 1
      return ["-", "."].flatMap { separator in
        ["", ".gz"].map { "\(rawValue)\(separator)idx\(rank)-ubyte\($0)" }
      }
    }
  }

  /// The files found, with what tells them from others.
  ///
  /// - Throws: `DatasetError.unusable` if something is there that cannot be a file of a dataset.
  func files() throws(DatasetError) -> Files {
    var files: Files = [:]
    for part in Part.allCases {
      for name in part.fileNames where files[part] == nil {
        let candidate = "\(path)/\(name)"
        if let stamp = try InputFile.stamp(of: candidate) { files[part] = File(path: candidate, stamp: stamp) }
      }
    }
    return files
  }

  /// The parts that are not in `files`, by their usual names.
  static func missing(from files: Files) -> [String] {
    Part.allCases.filter { files[$0] == nil }.map { "\($0.fileNames[0]).gz" }
  }

  /// - Precondition: nothing is missing from `files`.
  static func load(
    _ name: String, from files: Files
  ) throws(DatasetError) -> Dataset {
    Dataset(
      name: name, train: try images(.trainImages, labels: .trainLabels, from: files),
      test: try images(.testImages, labels: .testLabels, from: files))
  }

  private static func images(
    _ images: Part, labels: Part, from files: Files
  ) throws(DatasetError) -> LabelledImages {
    guard let imagesPath = files[images]?.path, let labelsPath = files[labels]?.path else {
      preconditionFailure("all four files were found")
    }
    let imageFile = try decode(images, path: imagesPath)
    let labelFile = try decode(labels, path: labelsPath)
    guard imageFile.count == labelFile.count else {
      throw .unusable(
        path: labelsPath, reason: "holds \(labelFile.count) labels for the \(imageFile.count) images of \(imagesPath)")
    }
    if let index = labelFile.values.firstIndex(where: { $0 > 9 }) {
      throw .unusable(
        path: labelsPath, reason: "label \(index) is \(labelFile.values[index]); labels are digits from 0 to 9")
    }
    return LabelledImages(images: imageFile.values, labels: labelFile.values)
  }

  private static func decode(_ part: Part, path: String) throws(DatasetError) -> IDXFile {
    let bytes = try InputFile.bytes(of: path, maxByteCount: IDXFile.maxByteCount(itemShape: part.itemShape))
    do throws(IDXError) {
      return try IDXFile(decoding: bytes, itemShape: part.itemShape)
    } catch {
      throw .unusable(path: path, reason: error.description)
    }
  }
}
