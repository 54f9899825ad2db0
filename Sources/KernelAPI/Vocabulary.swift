/// Floats that a kernel reads.
public typealias Floats = UnsafePointer<Float>
/// Floats that a kernel writes.
public typealias MutableFloats = UnsafeMutablePointer<Float>
/// Integers that a kernel reads: class labels, or which input of a pooling window won.
public typealias Integers = UnsafePointer<Int32>
/// Integers that a kernel writes.
public typealias MutableIntegers = UnsafeMutablePointer<Int32>

/// Lanes of every vector operation, on every machine: channels are padded to multiples of it.
public let laneCount = 16

/// `count` rounded up to whole vectors.
public func padded(_ count: Int) -> Int { (count + laneCount - 1) / laneCount * laneCount }
