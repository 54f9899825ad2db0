import KernelAPI

/// Lays out one allocation before there is any: every reservation begins on a cache line.
package struct MemoryPlan {
  /// Floats planned so far.
  package private(set) var count = 0

  package init() {}

  /// The offset of `floats` more floats.
  package mutating func reserve(_ floats: Int) -> Int {
    defer { count += padded(floats) }
    return count
  }
}
