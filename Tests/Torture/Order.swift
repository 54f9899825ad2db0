/// A study as a user asks for it: some of the universe's specs, and what it wants besides them.
struct Order {
  /// Places in `Universe.specs`.
  var specs: [Int]
  var priority: String?
  /// Whether each job is trained although its result may be there.
  var isForced = false
  /// A study that must have ended before this one's jobs are taken.
  var after: Int64?
  var workersMax: Int?
  var timeLimitSeconds: Double?

  /// Mostly nothing but jobs; every wish is there now and then.
  ///
  /// - Parameter earlier: studies that it may come after.
  static func random(after earlier: [Int64], _ random: inout SplitMix64) -> Order {
    let count = Int.random(in: 1...12, using: &random)
    var order = Order(specs: (0..<count).map { _ in Universe.specs.indices.randomElement(using: &random)! })
    if random.chance(0.15) { order.priority = priorities.randomElement(using: &random) }
    order.isForced = random.chance(0.25)
    if random.chance(0.15) { order.after = earlier.randomElement(using: &random) }
    if random.chance(0.15) { order.workersMax = 1 }
    if random.chance(0.05) { order.timeLimitSeconds = 0.03 }
    return order
  }

  static let priorities = ["low", "normal", "high", "urgent"]

  /// As the API takes it.
  func body(named name: String) -> [String: Any] {
    var body: [String: Any] = ["name": name, "jobs": specs.map { Universe.specs[$0].mapValues(\.object) }]
    if isForced { body["force"] = true }
    body["priority"] = priority
    body["after"] = after.map { [$0] }
    body["workers_max"] = workersMax
    body["time_limit_seconds"] = timeLimitSeconds
    return body
  }

  /// How the job at that place may end, if nobody cancels it.
  func ends(of index: Int) -> Set<String> {
    let end = Universe.end(ofSpec: specs[index])
    return timeLimitSeconds == nil ? [end] : [end, "failed"]
  }
}
