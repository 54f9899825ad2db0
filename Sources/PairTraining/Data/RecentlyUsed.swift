/// Values by key, the least recently used of which go when they cost too much together.
///
/// A handful of entries: searching them in order is fine.
struct RecentlyUsed<Key: Equatable, Value> {
  private struct Entry {
    var key: Key
    var value: Value
    var cost: Int
  }

  private let capacity: Int
  /// The most recently used last.
  private var entries: [Entry] = []

  /// - Parameter capacity: the most that the values cost together.
  init(capacity: Int) { self.capacity = capacity }

  var count: Int { entries.count }

  /// The value, which counts as used now.
  mutating func value(for key: Key) -> Value? {
    guard let index = entries.firstIndex(where: { $0.key == key }) else { return nil }
    let entry = entries.remove(at: index)
    entries.append(entry)
    return entry.value
  }

  mutating func remove(_ key: Key) { entries.removeAll { $0.key == key } }

  /// Keeps the value, unless it alone costs more than the capacity.
  mutating func insert(_ value: Value, for key: Key, cost: Int) {
    remove(key)
    guard cost <= capacity else { return }
    entries.append(Entry(key: key, value: value, cost: cost))
    var total = entries.reduce(0) { $0 + $1.cost }
    while total > capacity {
      total -= entries.removeFirst().cost
    }
  }
}
