import Crypto
import PairCore

/// Images of digits and what they show.
package struct LabelledImages: Hashable, Sendable {
  /// Pixels along each side of an image.
  package static let side = 28

  /// Grey values row by row, 0 for paper and 255 for ink: (N, 28, 28).
  package let images: [UInt8]
  /// Digits 0...9: (N).
  package let labels: [UInt8]

  package var count: Int { labels.count }

  package init(images: [UInt8], labels: [UInt8]) {
    precondition(images.count == labels.count * Self.side * Self.side, "a label an image")
    precondition(labels.allSatisfy { $0 <= 9 }, "labels are digits")
    self.images = images
    self.labels = labels
  }
}

/// The two halves of a dataset; a network is never tested on what it could have been trained on.
package enum Split: String, CaseIterable, Sendable {
  case train, test
}

/// Images to train and to test on, immutable once loaded.
package struct Dataset: Sendable {
  package let name: String
  package let train: LabelledImages
  package let test: LabelledImages
  /// SHA-256 of the decoded images and labels in lower-case hexadecimal, the same however the files were compressed.
  package let digest: String

  package init(name: String, train: LabelledImages, test: LabelledImages) {
    self.name = name
    self.train = train
    self.test = test
    digest = Self.digest(train: train, test: test)
  }

  /// Bytes of images and labels.
  var byteCount: Int { [train, test].reduce(0) { $0 + $1.images.count + $1.labels.count } }

  package subscript(split: Split) -> LabelledImages {
    switch split {
    case .train: train
    case .test: test
    }
  }

  /// The header holds the counts, so that no image can pass from one part to the next unnoticed.
  private static func digest(train: LabelledImages, test: LabelledImages) -> String {
    var hash = SHA256()
    hash.update(data: Array("pairnet dataset 1\ntrain \(train.count)\ntest \(test.count)\n".utf8))
    for part in [train, test] {
      part.images.withUnsafeBytes { hash.update(bufferPointer: $0) }
      part.labels.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }
    return hash.finalize().hexadecimal
  }
}
