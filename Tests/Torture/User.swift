import Foundation

/// One of many users: submits, and does everything to its own jobs that the API lets it do, in random order.
///
/// It remembers in which states each of its jobs may be: after an answer those that the answer leaves; after a request
/// whose answer never came, those and the ones from before. Nobody else touches its jobs, so that it knows for certain.
struct User {
  struct Job {
    var states: Set<String>
    /// How it ends if nobody holds it back or cancels it.
    let ends: Set<String>
    /// Whether it must be trained itself.
    let isForced: Bool
    /// The digest of the weights, once the API has shown it.
    var weights: String?

    init(ends: Set<String>, isForced: Bool) {
      self.ends = ends
      self.isForced = isForced
      states = Self.waiting.union(ends)
    }

    /// Where it goes by itself.
    var active: Set<String> { Self.waiting.union(ends) }

    /// It was in one of these states a moment ago.
    mutating func was(in states: Set<String>) {
      self.states = states.isDisjoint(with: Self.waiting) ? states : states.union(active)
    }

    private static let waiting: Set<String> = ["queued", "running"]
  }

  /// A study that was or may have been submitted.
  struct Study {
    /// Nil for an audit, whose jobs are drawn by the daemon.
    let order: Order?
    /// How many jobs it has.
    var count: ClosedRange<Int>
    var isAcknowledged = false
    /// Its number and its jobs, once they are known.
    var id: Int64?
    var jobs: ClosedRange<Int64>?
  }

  /// Which of its jobs a request may change, and into what; nil for where they go by themselves.
  private struct Verb {
    var name: String
    var from: Set<String>
    var to: String?
  }

  private static let verbs = [
    Verb(name: "cancel", from: ["queued", "running", "paused"], to: "cancelled"),
    Verb(name: "pause", from: ["queued", "running"], to: "paused"),
    Verb(name: "resume", from: ["paused"]),
    Verb(name: "retry", from: ["failed", "diverged", "cancelled"]),
  ]

  let number: Int
  var jobs: [Int64: Job] = [:]
  var studies: [String: Study] = [:]
  var surprises: [String] = []
  /// Jobs that a retry may have put back although they had ended.
  private(set) var retried: Set<Int64> = []
  private var random: SplitMix64
  private var submissions = 0
  private let jobsMax = 60

  init(number: Int, random: SplitMix64) {
    self.number = number
    self.random = random
  }

  /// Sends requests until `until`, or until nobody listens any more.
  mutating func work(with client: Client, until: ContinuousClock.Instant) {
    while ContinuousClock.now < until, act(client) {}
  }

  /// - Returns: false if the daemon is gone.
  private mutating func act(_ client: Client) -> Bool {
    switch Int.random(in: 0..<100, using: &random) {
    case ..<30: submit(client)
    case ..<82: change(client, Self.verbs.randomElement(using: &random)!)
    case ..<85: audit(client)
    case ..<91: prioritise(client)
    case ..<96 where number == 1: steer(client)
    default: look(client)
    }
  }

  private var hasRoom: Bool {
    jobs.values.count { !$0.states.isDisjoint(with: ["queued", "running", "paused"]) } < jobsMax
  }

  private mutating func nextName() -> String {
    submissions += 1
    return "user \(number) no. \(submissions)"
  }

  private mutating func submit(_ client: Client) -> Bool {
    guard hasRoom else { return look(client) }
    let name = nextName()
    let order = Order.random(after: studies.values.compactMap(\.id).sorted(), &random)
    let count = order.specs.count
    studies[name] = Study(order: order, count: count...count)
    let answer = client.post("/v1/studies", order.body(named: name))
    switch answer {
    case .answered(200..<300, let body):
      guard let first = body["first_job"] as? Int64, let last = body["last_job"] as? Int64,
        let study = (body["study"] as? [String: Any])?["id"] as? Int64, last - first + 1 == Int64(count)
      else {
        surprises.append("a submission of \(count) jobs is answered with \(body)")
        return true
      }
      studies[name]!.isAcknowledged = true
      learn(name, is: study, with: first...last)
    case .answered: expectRefusal(answer, of: "a submission", named: name)
    case .unsent:
      studies[name] = nil
      return false
    case .unknown: break
    }
    return true
  }

  /// Lets some of its results be trained again; the jobs of the audit are its own.
  private mutating func audit(_ client: Client) -> Bool {
    let candidates = jobs.filter { $0.value.states == ["succeeded"] }.keys.sorted()
    guard hasRoom, !candidates.isEmpty else { return look(client) }
    let name = nextName()
    let sample = Int.random(in: 1...3, using: &random)
    studies[name] = Study(order: nil, count: 1...sample)
    let answer = client.post(
      "/v1/audits",
      [
        "filter": ["jobs": candidates], "sample": "\(sample)", "seed": Int.random(in: 0...1_000_000, using: &random),
        "name": name,
      ])
    switch answer {
    case .answered(200..<300, let body):
      guard let counts = ((body["report"] as? [String: Any])?["study"] as? [String: Any])?["counts"] as? [String: Int],
        case let count = counts.values.reduce(0, +), (1...sample).contains(count)
      else {
        surprises.append("an audit of \(sample) of \(candidates.count) jobs is answered with \(body)")
        return true
      }
      studies[name]!.count = count...count
      studies[name]!.isAcknowledged = true
    case .answered: expectRefusal(answer, of: "an audit", named: name)
    case .unsent:
      studies[name] = nil
      return false
    case .unknown: break
    }
    return true
  }

  mutating func learn(_ name: String, is study: Int64, with ids: ClosedRange<Int64>) {
    studies[name]!.id = study
    studies[name]!.jobs = ids
    let order = studies[name]!.order
    for (index, id) in ids.enumerated() {
      // What is audited has succeeded.
      jobs[id] = Job(ends: order?.ends(of: index) ?? ["succeeded"], isForced: order?.isForced ?? true)
    }
  }

  private mutating func change(_ client: Client, _ verb: Verb) -> Bool {
    let candidates = jobs.filter { !$0.value.states.isDisjoint(with: verb.from) }.keys.sorted()
    guard !candidates.isEmpty else { return true }
    var chosen = candidates.shuffled(using: &random).prefix(Int.random(in: 1...6, using: &random)).map { $0 }
    var filter: [String: Any] = ["jobs": chosen]
    if random.chance(0.2), let study = studies.values.first(where: { $0.jobs?.contains(chosen[0]) == true }) {
      chosen = Array(study.jobs!)
      filter = ["study": study.id!]
    }
    let answer = client.post("/v1/jobs/\(verb.name)", filter)
    if verb.name == "retry" { retried.formUnion(chosen) }
    switch answer {
    case .answered(200..<300, let body):
      guard let changed = body.values.lazy.compactMap({ $0 as? [Int64] }).first else {
        surprises.append("\(verb.name) is answered with \(body)")
        return true
      }
      if let other = changed.first(where: { !chosen.contains($0) }) {
        surprises.append("\(verb.name) of \(filter) changes job \(other)")
      }
      for id in chosen {
        let job = jobs[id]!
        // What the answer does not name was in no state that the verb is for.
        let states = changed.contains(id) ? verb.to.map { [$0] } ?? job.active : job.states.subtracting(verb.from)
        if states.isEmpty || (changed.contains(id) && job.states.isDisjoint(with: verb.from)) {
          surprises.append(
            "job \(id) is \(job.states.sorted()), and \(verb.name) \(states.isEmpty ? "did not name" : "named") it")
        }
        if !states.isEmpty { jobs[id]!.was(in: states) }
      }
    case .unsent: return false
    case .answered, .unknown:
      // A disk that fails leaves it open whether what was refused was kept.
      expectRefusal(answer, of: verb.name)
      guard !answer.isOfTheClient else { return true }
      for id in chosen where !jobs[id]!.states.isDisjoint(with: verb.from) {
        jobs[id]!.was(in: jobs[id]!.states.union(verb.to.map { [$0] } ?? jobs[id]!.active))
      }
    }
    return true
  }

  private mutating func prioritise(_ client: Client) -> Bool {
    guard let id = jobs.keys.sorted().randomElement(using: &random) else { return true }
    let priority = Order.priorities.randomElement(using: &random)!
    let answer = client.post("/v1/jobs/priority", ["jobs": [id], "priority": priority])
    switch answer {
    case .answered(200..<300, _), .unknown: return true
    case .answered:
      expectRefusal(answer, of: "priority")
      return true
    case .unsent: return false
    }
  }

  /// Holds the whole queue or lets it go on: one user alone does, so that it does go on.
  private mutating func steer(_ client: Client) -> Bool {
    let action = ["pause", "drain", "resume", "resume"].randomElement(using: &random)!
    let answer = client.post("/v1/queue", ["action": action])
    switch answer {
    case .answered(200..<300, _), .unknown: return true
    case .answered:
      expectRefusal(answer, of: "\(action) of the queue")
      return true
    case .unsent: return false
    }
  }

  /// Asks about one of its jobs: what the daemon shows must hold from then on.
  private mutating func look(_ client: Client) -> Bool {
    guard let id = jobs.keys.sorted().randomElement(using: &random) else { return true }
    switch client.get("/v1/jobs/\(id)") {
    case .answered(200, let body):
      guard let record = body["job"] as? [String: Any], let state = record["state"] as? String else {
        surprises.append("job \(id) is shown as \(body)")
        return true
      }
      observe(id, state, weights: (record["result"] as? [String: Any])?["weights_sha256"] as? String)
    case .answered(let status, _): surprises.append("asking for job \(id) is answered with \(status)")
    case .unsent: return false
    case .unknown: break
    }
    return true
  }

  private mutating func observe(_ id: Int64, _ state: String, weights: String?) {
    let job = jobs[id]!
    guard job.states.contains(state) else {
      surprises.append("job \(id) is shown as \(state), and can only be \(job.states.sorted())")
      return
    }
    if state == "succeeded" {
      if weights == nil { surprises.append("job \(id) is shown as succeeded without a result") }
      if let known = job.weights, known != weights { surprises.append("job \(id) has other weights than before") }
      jobs[id]!.weights = weights
    }
    // A request whose answer never came may still be under way: what moves by itself could be held yet.
    if !["queued", "running"].contains(state) { jobs[id]!.states = [state] }
  }

  /// Refusals that the state of the machine allows: it has no room, or its disk fails.
  ///
  /// - Parameter study: what was to be submitted; it is not there if the refusal says that nothing was written.
  private mutating func expectRefusal(_ answer: Client.Answer, of what: String, named study: String? = nil) {
    guard case .answered(let status, let body) = answer else { return }
    if status != 503 { surprises.append("\(what) is refused with \(status): \(body)") }
    let isWhole = status != 503 || (body["message"] as? String)?.contains("nothing was written") == true
    if let study, isWhole { studies[study] = nil }
  }

  /// Lets all of its jobs go on.
  mutating func release(_ client: Client) {
    if number == 1 { _ = client.post("/v1/queue", ["action": "resume"]) }
    let held = jobs.filter { $0.value.states.contains("paused") }.keys.sorted()
    guard !held.isEmpty, client.post("/v1/jobs/resume", ["jobs": held]).body != nil else { return }
    for id in held { jobs[id]!.was(in: jobs[id]!.states.subtracting(["paused"]).union(jobs[id]!.active)) }
  }

  /// Reads the reports of its audits, now that nothing is left to do.
  mutating func readAudits(_ client: Client) {
    for (name, study) in studies where study.order == nil {
      guard let id = study.id else { continue }
      guard let report = client.get("/v1/audits/\(id)").body, let different = report["different"] as? [Any],
        let equal = report["equal"] as? Int, let unchecked = report["unchecked"] as? [Any]
      else {
        surprises.append("the audit '\(name)' is not shown")
        continue
      }
      if !different.isEmpty || equal + unchecked.count != study.count.lowerBound {
        surprises.append("the audit '\(name)' says \(report)")
      }
    }
  }
}
