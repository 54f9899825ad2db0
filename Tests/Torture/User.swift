import Foundation

/// One of many users: submits, and does everything to its own jobs that the API lets it do, in random order.
///
/// It remembers in which states each of its jobs may be: after an answer those that the answer leaves; after a request
/// whose answer never came, those and the ones from before. Nobody else touches its jobs, so that it knows for certain.
struct User {
  struct Job {
    var states: Set<String>
    /// The digest of the weights, once the API has shown it.
    var weights: String?
  }

  /// Which of its jobs a request may change, and into what.
  private struct Verb {
    var name: String
    var from: Set<String>
    var to: Set<String>
  }

  /// Where a job goes that nobody holds back.
  static let active: Set<String> = ["queued", "running", "succeeded"]
  private static let verbs = [
    Verb(name: "cancel", from: ["queued", "running", "paused"], to: ["cancelled"]),
    Verb(name: "pause", from: ["queued", "running"], to: ["paused"]),
    Verb(name: "resume", from: ["paused"], to: active),
    Verb(name: "retry", from: ["failed", "diverged", "cancelled"], to: active),
  ]

  let number: Int
  private(set) var jobs: [Int64: Job] = [:]
  /// How many jobs each study has that was or may have been submitted, and the first one's id once that is known.
  private(set) var studies: [String: (jobs: Int, first: Int64?)] = [:]
  private(set) var surprises: [String] = []
  private var random: SplitMix64
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
    case ..<85: change(client, Self.verbs.randomElement(using: &random)!)
    case ..<92: prioritise(client)
    case ..<94 where number == 1: steer(client)
    default: look(client)
    }
  }

  private mutating func submit(_ client: Client) -> Bool {
    guard jobs.values.count(where: { !$0.states.isDisjoint(with: ["queued", "running", "paused"]) }) < jobsMax else {
      return look(client)
    }
    let count = Int.random(in: 1...12, using: &random)
    let name = "user \(number) no. \(studies.count + 1)"
    let body: [String: Any] = [
      "name": name, "jobs": (0..<count).map { _ in Universe.specs.randomElement(using: &random)!.mapValues(\.object) },
    ]
    studies[name] = (count, nil)
    let answer = client.post("/v1/studies", body)
    switch answer {
    case .answered(200..<300, let body):
      guard let first = body["first_job"] as? Int64, let last = body["last_job"] as? Int64,
        last - first + 1 == Int64(count)
      else {
        surprises.append("a submission of \(count) jobs is answered with \(body)")
        return true
      }
      studies[name] = (count, first)
      for id in first...last { jobs[id] = Job(states: Self.active) }
    case .answered: expectRefusal(answer, of: "a submission")
    case .unsent: return false
    case .unknown: break
    }
    return true
  }

  private mutating func change(_ client: Client, _ verb: Verb) -> Bool {
    let candidates = jobs.filter { !$0.value.states.isDisjoint(with: verb.from) }.keys.sorted()
    guard !candidates.isEmpty else { return true }
    let chosen = candidates.shuffled(using: &random).prefix(Int.random(in: 1...6, using: &random)).map { $0 }
    let answer = client.post("/v1/jobs/\(verb.name)", ["jobs": chosen])
    switch answer {
    case .answered(200..<300, let body):
      guard let changed = body.values.lazy.compactMap({ $0 as? [Int64] }).first else {
        surprises.append("\(verb.name) is answered with \(body)")
        return true
      }
      for id in chosen {
        // What the answer does not name was in no state that the verb is for.
        let states = changed.contains(id) ? verb.to : jobs[id]!.states.subtracting(verb.from)
        if states.isEmpty {
          surprises.append("job \(id) is \(jobs[id]!.states.sorted()), and \(verb.name) did not name it")
        }
        jobs[id]!.states = states.isEmpty ? jobs[id]!.states : states
      }
    case .unsent: return false
    case .answered, .unknown:
      // A disk that fails leaves it open whether what was refused was kept.
      expectRefusal(answer, of: verb.name)
      guard !answer.isOfTheClient else { return true }
      for id in chosen where !jobs[id]!.states.isDisjoint(with: verb.from) { jobs[id]!.states.formUnion(verb.to) }
    }
    return true
  }

  private mutating func prioritise(_ client: Client) -> Bool {
    guard let id = jobs.keys.sorted().randomElement(using: &random) else { return true }
    let priority = ["low", "normal", "high", "urgent"].randomElement(using: &random)!
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
    guard jobs[id]!.states.contains(state) else {
      surprises.append("job \(id) is shown as \(state), and can only be \(jobs[id]!.states.sorted())")
      return
    }
    if state == "succeeded" {
      if let known = jobs[id]!.weights, known != weights { surprises.append("job \(id) has other weights than before") }
      jobs[id] = Job(states: [state], weights: weights)
    } else if !Self.active.contains(state) {
      jobs[id]!.states = [state]
    }
  }

  /// Refusals that the state of the machine allows: it has no room, or its disk fails.
  private mutating func expectRefusal(_ answer: Client.Answer, of what: String) {
    guard case .answered(let status, let body) = answer else { return }
    if status != 503 { surprises.append("\(what) is refused with \(status): \(body)") }
  }

  /// Lets all of its jobs go on.
  mutating func release(_ client: Client) {
    if number == 1 { _ = client.post("/v1/queue", ["action": "resume"]) }
    let held = jobs.filter { $0.value.states.contains("paused") }.keys.sorted()
    guard !held.isEmpty, client.post("/v1/jobs/resume", ["jobs": held]).body != nil else { return }
    for id in held {
      jobs[id]!.states.remove("paused")
      jobs[id]!.states.formUnion(Self.active)
    }
  }

  /// What contradicts its memory in a database.
  mutating func contradictions(in snapshot: Snapshot) -> [String] {
    defer { surprises.removeAll() }
    var found = surprises
    for (id, job) in jobs.sorted(by: { $0.key < $1.key }) {
      guard let stored = snapshot.jobs[id] else {
        found.append("job \(id) was acknowledged and is lost")
        continue
      }
      if !job.states.contains(stored.state) {
        found.append("job \(id) can only be \(job.states.sorted()), and is \(stored.state)")
      }
      if let weights = job.weights, snapshot.outcomes[id]?.bits.contains(weights) == false {
        found.append("job \(id) was shown with other weights")
      }
    }
    for (name, study) in studies {
      guard let stored = snapshot.studies[name] else { continue }
      if stored.count != study.jobs { found.append("study '\(name)' has \(stored.count) jobs of \(study.jobs)") }
      // It was kept, although the answer never came; from now on it is there.
      guard study.first == nil, stored.count == study.jobs else { continue }
      studies[name]!.first = stored.lowerBound
      for id in stored { jobs[id] = Job(states: Self.active) }
    }
    return found
  }
}
