import PairCore

/// The binary form, the same on every machine. All numbers are little-endian:
///
/// | byte | content |
/// |---|---|
/// | 0 | "pairckpt" |
/// | 8 | UInt32: version of this form, 1 |
/// | 12 | UInt32: version of the engine's numerics |
/// | 16 | UInt8: the model, by its place in `Model.allCases` |
/// | 17 | UInt8: batch norm, 0 or 1 |
/// | 18 | UInt16: 0 |
/// | 20 | UInt32: n, how many numbers follow the header |
/// | 24 | UInt64: epochs done |
/// | 32 | UInt64: steps done of the epoch under way |
/// | 40 | UInt64: the bits of the sum of their losses, a float64 |
/// | 48 | n float32 |
extension Checkpoint {
  private static let magic = Array("pairckpt".utf8)
  private static let formatVersion: UInt32 = 1
  private static let headerSize = 48

  /// The bytes that `init(decoding:)` reads.
  package func encoded() -> [UInt8] {
    var header: [UInt8] = []
    header.reserveCapacity(Self.headerSize)
    header += Self.magic
    header.appendLittleEndian(Self.formatVersion)
    header.appendLittleEndian(UInt32(numericsVersion))
    header.append(Self.number(of: model))
    header.append(batchNorm ? 1 : 0)
    header.appendLittleEndian(UInt16(0))
    header.appendLittleEndian(UInt32(numbers.count))
    header.appendLittleEndian(UInt64(progress.epochs))
    header.appendLittleEndian(UInt64(progress.steps))
    header.appendLittleEndian(progress.losses.bitPattern)
    let size = Self.headerSize + numbers.count * 4
    return [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
      let bytes = UnsafeMutableRawBufferPointer(bytes)
      bytes.copyBytes(from: header)
      let body = UnsafeMutableRawBufferPointer(rebasing: bytes[Self.headerSize...])
      #if _endian(little)
        numbers.withUnsafeBytes { body.copyMemory(from: $0) }
      #else
        for (index, number) in numbers.enumerated() {
          body.storeBytes(of: number.bitPattern.littleEndian, toByteOffset: index * 4, as: UInt32.self)
        }
      #endif
      count = size
    }
  }

  /// Reads what `encoded()` wrote, and refuses everything else.
  ///
  /// - Throws: `CheckpointError`, saying what is wrong. No bytes do any harm.
  package init(decoding bytes: [UInt8]) throws(CheckpointError) {
    guard bytes.count >= Self.headerSize else {
      throw CheckpointError(reason: "has \(bytes.count) bytes, and its header alone \(Self.headerSize)")
    }
    guard bytes.starts(with: Self.magic) else { throw CheckpointError(reason: "does not begin with 'pairckpt'") }
    func integer<Number: FixedWidthInteger>(at offset: Int, as type: Number.Type = Number.self) -> Number {
      bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: type)) }
    }
    let version = integer(at: 8, as: UInt32.self)
    guard version == Self.formatVersion else {
      throw CheckpointError(reason: "has version \(version), and this program reads version \(Self.formatVersion)")
    }
    let model = Int(bytes[16])
    guard Model.allCases.indices.contains(model) else { throw CheckpointError(reason: "is of no known model") }
    guard bytes[17] <= 1, integer(at: 18, as: UInt16.self) == 0 else {
      throw CheckpointError(reason: "has a damaged header")
    }
    let count = Int(integer(at: 20, as: UInt32.self))
    guard bytes.count == Self.headerSize + count * 4 else {
      throw CheckpointError(reason: "has \(bytes.count) bytes, not \(Self.headerSize + count * 4) for \(count) numbers")
    }
    guard let epochs = Int(exactly: integer(at: 24, as: UInt64.self)),
      let steps = Int(exactly: integer(at: 32, as: UInt64.self))
    else {
      throw CheckpointError(reason: "has a damaged header")
    }
    let numbers = [Float](unsafeUninitializedCapacity: count) { numbers, initialised in
      #if _endian(little)
        bytes.withUnsafeBytes {
          UnsafeMutableRawBufferPointer(numbers).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: $0[Self.headerSize...]))
        }
      #else
        for index in 0..<count { numbers[index] = Float(bitPattern: integer(at: Self.headerSize + index * 4)) }
      #endif
      initialised = count
    }
    self.init(
      model: Model.allCases[model], batchNorm: bytes[17] == 1, numericsVersion: Int(integer(at: 12, as: UInt32.self)),
      progress: TrainingProgress(
        epochs: epochs, steps: steps, losses: Double(bitPattern: integer(at: 40, as: UInt64.self))),
      numbers: numbers)
  }

  private static func number(of model: Model) -> UInt8 {
    UInt8(Model.allCases.firstIndex(of: model)!)  // All cases are in `allCases`.
  }
}

extension [UInt8] {
  fileprivate mutating func appendLittleEndian(_ number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
