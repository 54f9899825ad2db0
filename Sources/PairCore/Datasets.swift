/// A file that a dataset is published as.
package struct DatasetFile: Hashable, Sendable {
  package let name: String
  /// Bytes of the compressed file as published.
  package let byteCount: Int
  /// SHA-256 of the compressed file as published, in lower-case hexadecimal.
  package let sha256: String
  /// SHA-256 of what it decompresses to: right even for a file that somebody compressed anew.
  package let decompressedSHA256: String
}

/// A dataset that `pairnetctl data fetch` can download.
package struct PublishedDataset: Hashable, Sendable {
  package let name: String
  /// What the files are called below each mirror.
  package let files: [DatasetFile]
  /// Directories to download from, the most dependable first; each ends with a slash.
  package let mirrors: [String]

  package static let all = [mnist]

  package static func named(_ name: String) -> PublishedDataset? { all.first { $0.name == name } }

  /// MNIST as first published; the digests are those that TensorFlow Datasets, among others, records.
  ///
  /// - Source: LeCun, Cortes & Burges 1998, "The MNIST database of handwritten digits"
  package static let mnist = PublishedDataset(
    name: "mnist",
    files: [
      DatasetFile(
        name: "train-images-idx3-ubyte.gz", byteCount: 9_912_422,
        sha256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        decompressedSHA256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
      DatasetFile(
        name: "train-labels-idx1-ubyte.gz", byteCount: 28_881,
        sha256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        decompressedSHA256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
      DatasetFile(
        name: "t10k-images-idx3-ubyte.gz", byteCount: 1_648_877,
        sha256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        decompressedSHA256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
      DatasetFile(
        name: "t10k-labels-idx1-ubyte.gz", byteCount: 4_542,
        sha256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        decompressedSHA256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ],
    mirrors: [
      "https://ossci-datasets.s3.amazonaws.com/mnist/",
      "https://storage.googleapis.com/cvdf-datasets/mnist/",
      "https://yann.lecun.com/exdb/mnist/",
    ])
}
