extension User {
  /// What contradicts its memory in the database of a daemon that has ended; from then on it remembers what is there.
  mutating func contradictions(in snapshot: Snapshot) -> [String] {
    defer { surprises.removeAll() }
    var found = surprises
    for (name, study) in studies.sorted(by: { $0.key < $1.key }) {
      guard let stored = snapshot.studies[name] else {
        if study.isAcknowledged { found.append("study '\(name)' was acknowledged and is lost") }
        // The daemon has ended: what is not there by now never will be.
        studies[name] = nil
        continue
      }
      guard study.count.contains(stored.jobs.count) else {
        found.append("study '\(name)' has \(stored.jobs.count) jobs of \(study.count)")
        continue
      }
      studies[name]!.count = stored.jobs.count...stored.jobs.count
      studies[name]!.isAcknowledged = true
      if study.jobs == nil { learn(name, is: stored.id, with: stored.jobs) }
      if let order = study.order { found += broken(order, of: name, stored, in: snapshot) }
    }
    for (id, job) in jobs.sorted(by: { $0.key < $1.key }) {
      guard let stored = snapshot.jobs[id] else {
        found.append("job \(id) was acknowledged and is lost")
        continue
      }
      if !job.states.contains(stored.state) {
        found.append("job \(id) can only be \(job.states.sorted()), and is \(stored.state)")
      }
      if stored.isForced != job.isForced { found.append("job \(id) is \(stored.isForced ? "" : "not ")forced") }
      if let weights = job.weights, snapshot.outcomes[id]?.bits.contains(weights) == false {
        found.append("job \(id) was shown with other weights")
      }
      jobs[id]!.was(in: [stored.state])
    }
    return found
  }

  /// How a study was not run as it was ordered.
  private func broken(
    _ order: Order, of name: String, _ stored: Snapshot.Study, in snapshot: Snapshot
  ) -> [String] {
    // While it waits none of its jobs is taken; afterwards a retry may put a job back that it had waited for.
    guard let after = order.after, let awaited = snapshot.studies.values.first(where: { $0.id == after }),
      retried.isDisjoint(with: awaited.jobs),
      let open = awaited.jobs.first(where: {
        ["queued", "running", "paused"].contains(snapshot.jobs[$0]?.state)
      }),
      let taken = stored.jobs.first(where: { snapshot.jobs[$0]?.attempts != 0 })
    else { return [] }
    return ["job \(taken) was taken, although its study comes after \(after), whose job \(open) has not ended"]
  }
}
