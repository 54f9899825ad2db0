import Dispatch
import Foundation
import PairCore
import Synchronization
import Testing

@testable import PairTraining

@Suite("The dataset catalog")
struct DatasetCatalogTests {
  let directory: TemporaryDirectory
  let catalog: DatasetCatalog

  init() throws {
    directory = try TemporaryDirectory()
    catalog = DatasetCatalog(dataDirectory: directory.path + "/data", systemDirectory: directory.path + "/share")
  }

  private func place(_ files: [String: [UInt8]], in folder: String) throws {
    for (name, bytes) in files { try directory.write(bytes, to: "\(folder)/\(name)") }
  }

  private func failure(_ name: String) -> String {
    do throws(DatasetError) {
      _ = try catalog.load(name)
      return "none"
    } catch { return error.description }
  }

  @Test("Compressed or not, with dashes or dots, a dataset has one digest")
  func oneDigest() throws {
    let files = randomFiles(train: 12, test: 8, seed: 1)
    try place(files, in: "data/plain")
    for (name, bytes) in files {
      try directory.write(gzipped(bytes), to: "data/compressed/\(name).gz")
      try directory.write(bytes, to: "data/dots/\(name.replacingOccurrences(of: "-idx", with: ".idx"))")
      try directory.write(gzipped(bytes), to: "data/misnamed/\(name)")
    }
    let plain = try catalog.load("plain")
    #expect(plain.train.count == 12 && plain.test.count == 8)
    #expect(plain.digest.count == 64)
    for name in ["compressed", "dots", "misnamed"] { #expect(try catalog.load(name).digest == plain.digest) }
    try place(randomFiles(train: 12, test: 8, seed: 2), in: "data/other")
    #expect(try catalog.load("other").digest != plain.digest)
  }

  @Test("The digest tells apart datasets whose bytes are the same but for the border between train and test")
  func digestKnowsBorders() {
    func blank(_ count: Int) -> LabelledImages {
      LabelledImages(images: .init(repeating: 0, count: count * 784), labels: .init(repeating: 0, count: count))
    }
    let digests = [(3, 5), (5, 3), (4, 4)].map { Dataset(name: "x", train: blank($0.0), test: blank($0.1)).digest }
    #expect(Set(digests).count == 3)
  }

  @Test("A missing dataset says where it was looked for and how to get it")
  func saysWhereItLooked() {
    let mnist = failure("mnist")
    #expect(mnist.contains("\(directory.path)/data/mnist"))
    #expect(mnist.contains("run 'pairnetctl data fetch mnist'"))
    #expect(mnist.contains("t10k-labels-idx1-ubyte.gz"))
    let other = failure("kuzushiji")
    #expect(other.contains("\(directory.path)/data/kuzushiji, \(directory.path)/share/datasets/kuzushiji"))
    #expect(other.contains("place train-images-idx3-ubyte.gz"))
    #expect(!other.contains("fetch"))
  }

  @Test("A file that is missing among the four is named")
  func namesMissingFile() throws {
    var files = randomFiles(train: 4, test: 4, seed: 1)
    files["t10k-labels-idx1-ubyte"] = nil
    try place(files, in: "data/mnist")
    #expect(failure("mnist").contains("\(directory.path)/data/mnist has no t10k-labels-idx1-ubyte.gz;"))
  }

  @Test("What is wrong with a file is said with its path")
  func namesUnusableFile() throws {
    let good = randomFiles(train: 4, test: 4, seed: 1)
    let spoilt: [(file: String, bytes: [UInt8], reason: String)] = [
      ("train-images-idx3-ubyte", idxBytes([4, 32, 32], []), "holds items of 32x32, not of 28x28"),
      ("train-images-idx3-ubyte", good["train-images-idx3-ubyte"]!.dropLast(100), "is truncated"),
      ("train-labels-idx1-ubyte", idxBytes([3], [1, 2, 3]), "holds 3 labels for the 4 images of"),
      ("t10k-labels-idx1-ubyte", idxBytes([4], [1, 2, 10, 3]), "label 2 is 10; labels are digits from 0 to 9"),
      ("t10k-labels-idx1-ubyte", good["t10k-images-idx3-ubyte"]!, "has 3 dimensions, not 1"),
      ("t10k-images-idx3-ubyte", Array("<!DOCTYPE html>".utf8), "is not an IDX file"),
    ]
    for (file, bytes, reason) in spoilt {
      try place(good.merging([file: bytes]) { $1 }, in: "data/spoilt")
      #expect(failure("spoilt").hasPrefix("\(directory.path)/data/spoilt/\(file): \(reason)"), "\(failure("spoilt"))")
    }
  }

  @Test("A directory or a FIFO in a file's place is refused, and does not hold the reader up")
  func refusesWhatIsNoFile() throws {
    try place(randomFiles(train: 4, test: 4, seed: 1), in: "data/odd")
    let path = "\(directory.path)/data/odd/train-images-idx3-ubyte"
    try FileManager.default.removeItem(atPath: path)
    #expect(mkfifo(path, 0o600) == 0)
    #expect(failure("odd") == "\(path): is not a regular file")
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(failure("odd") == "\(path): is not a regular file")
  }

  @Test("A file too large for any dataset is not read")
  func refusesHugeFile() throws {
    try place(randomFiles(train: 4, test: 4, seed: 1), in: "data/huge")
    let path = "\(directory.path)/data/huge/train-labels-idx1-ubyte"
    #expect(truncate(path, 1 << 40) == 0)  // sparse: it takes no space
    #expect(failure("huge").hasPrefix("\(path): has 1099511627776 bytes; at most"))
  }

  @Test("A name that is no name never reaches the files", arguments: ["", "..", "../mnist", "a/b", ".hidden", "MNIST"])
  func refusesNames(name: String) throws {
    try place(randomFiles(train: 4, test: 4, seed: 1), in: "mnist")
    #expect(failure(name).hasPrefix("dataset: '\(name)' is not allowed"))
  }

  @Test("A dataset is read again when one of its files changes, and not before")
  func readsAgain() throws {
    try place(randomFiles(train: 6, test: 4, seed: 1), in: "data/x")
    let first = try catalog.load("x")
    #expect(try catalog.load("x").digest == first.digest)
    let labels = idxBytes([6], [0, 1, 2, 3, 4, 5])
    try directory.write(labels, to: "data/x/train-labels-idx1-ubyte")
    #expect(try catalog.load("x").train.labels == [0, 1, 2, 3, 4, 5])
    try FileManager.default.removeItem(atPath: "\(directory.path)/data/x/train-labels-idx1-ubyte")
    #expect(failure("x").contains("has no train-labels-idx1-ubyte.gz"))
    try directory.write(gzipped(labels), to: "data/x/train-labels-idx1-ubyte.gz")
    #expect(try catalog.load("x").train.labels == [0, 1, 2, 3, 4, 5])
  }

  @Test("Threads that ask at once all get the same dataset")
  func isThreadSafe() throws {
    try place(randomFiles(train: 6, test: 4, seed: 1), in: "data/x")
    let digests = Mutex(Set<String>())
    DispatchQueue.concurrentPerform(iterations: 32) { [catalog] index in
      let digest = (try? catalog.load(index.isMultiple(of: 4) ? "synthetic" : "x").digest) ?? "failed"
      digests.withLock { _ = $0.insert(digest) }
    }
    #expect(digests.withLock { $0 } == [try catalog.load("x").digest, try catalog.load("synthetic").digest])
  }

  @Test("A dataset that a package installed is found by its name", arguments: ["datasets/", "dataset-"])
  func findsPackages(prefix: String) throws {
    #expect(!catalog.listing().map(\.name).contains("fashion-mnist"))
    for (name, bytes) in randomFiles(train: 6, test: 4, seed: 1) {
      try directory.write(gzipped(bytes), to: "share/\(prefix)fashion-mnist/\(name).gz")
    }
    #expect(try catalog.load("fashion-mnist").train.count == 6)
    #expect(
      catalog.listing().first { $0.name == "fashion-mnist" }
        == .init(name: "fashion-mnist", available: true, detail: "\(directory.path)/share/\(prefix)fashion-mnist"))
  }

  @Test("The listing names what is there, and how to get mnist if it is not")
  func lists() throws {
    try place(randomFiles(train: 6, test: 4, seed: 1), in: "data/letters")
    try place(["train-labels-idx1-ubyte": [1]], in: "data/half")
    try place(["readme.txt": [1]], in: "data/nothing")
    try place(["train-labels-idx1-ubyte": [1]], in: "data/Not A Name")
    try FileManager.default.createSymbolicLink(
      atPath: "\(directory.path)/data/linked", withDestinationPath: "\(directory.path)/data/letters")
    let listing = catalog.listing()
    #expect(listing.map(\.name) == ["half", "letters", "linked", "mnist", "synthetic"])
    #expect(listing.map(\.available) == [false, true, true, false, true])
    #expect(listing[0].detail.contains("has no train-images-idx3-ubyte.gz, no t10k-images"))
    #expect(listing[1].detail == "\(directory.path)/data/letters")
    #expect(listing[3].detail.contains("pairnetctl data fetch mnist"))
    #expect(listing[4].detail.contains("6000 train and 3000 test images"))
  }

  @Test("MNIST has its 70,000 images", .enabled(if: MNISTFiles.areThere, MNISTFiles.skipped))
  func readsMNIST() throws {
    let mnist = try MNISTFiles.dataset()
    func histogram(_ labels: [UInt8]) -> [Int] {
      labels.reduce(into: Array(repeating: 0, count: 10)) { $0[Int($1)] += 1 }
    }
    #expect(histogram(mnist.train.labels) == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
    #expect(histogram(mnist.test.labels) == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
    #expect(mnist.digest == "9bfb03997f862bf6b8e644b42c954618cd45b91da4e1d62fde5740b5f2e7d246")
  }
}
