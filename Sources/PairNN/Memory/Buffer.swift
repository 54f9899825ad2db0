/// Numbers in one allocation, zero at first, beginning on a cache line.
package struct Buffer<Element: BitwiseCopyable & Numeric>: ~Copyable {
  package let count: Int
  package let start: UnsafeMutablePointer<Element>

  package init(count: Int) {
    precondition(count >= 0, "a buffer of \(count) numbers")
    self.count = count
    start = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * MemoryLayout<Element>.stride, alignment: 64)
      .bindMemory(to: Element.self, capacity: max(count, 1))
    start.initialize(repeating: 0, count: max(count, 1))
  }

  deinit { UnsafeMutableRawPointer(start).deallocate() }

  package subscript(index: Int) -> Element {
    get {
      precondition((0..<count).contains(index), "number \(index) of \(count)")
      return start[index]
    }
    nonmutating set {
      precondition((0..<count).contains(index), "number \(index) of \(count)")
      start[index] = newValue
    }
  }
}
