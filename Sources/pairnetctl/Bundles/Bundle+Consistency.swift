import PairCore

extension Bundle {
  /// What contradicts itself in the bundle, each as a sentence; empty if nothing does.
  func contradictions() throws -> [String] {
    var found: [String] = []
    let digest = try digest
    if manifest.sha256 != digest {
      found.append("the manifest's digest is \(manifest.sha256 ?? "missing"), and the content's is \(digest)")
    }
    if manifest.numericsVersions != Self.numericsVersions(jobs) {
      found.append("the manifest names other numerics versions than the jobs")
    }
    if manifest.datasets != Self.datasets(jobs) { found.append("the manifest names other datasets than the jobs") }
    if manifest.study.jobs != jobs.count {
      found.append("the study has \(manifest.study.jobs) jobs, and the bundle \(jobs.count)")
    }
    for (state, count) in manifest.study.counts.sorted(by: { $0.key < $1.key }) {
      let here = jobs.count { $0.job.state.rawValue == state }
      if here != count { found.append("the study has \(count) jobs that \(state), and the bundle \(here)") }
    }
    if !zip(jobs, jobs.dropFirst()).allSatisfy({ $0.job.id &+ 1 == $1.job.id }) {
      found.append("the jobs of a study have ids that follow each other, and these do not")
    }
    for entry in jobs where entry.job.study != manifest.study.id {
      found.append("job \(entry.job.id): it is of study \(entry.job.study), not of \(manifest.study.id)")
    }
    return found + jobs.flatMap(\.contradictions)
  }
}

extension Bundle.JobEntry {
  var contradictions: [String] {
    var found: [String] = []
    func check(_ holds: Bool, _ sentence: @autoclosure () -> String) {
      if !holds { found.append("job \(job.id): \(sentence())") }
    }
    let spec = job.spec
    let digest = spec.digest(
      datasetDigest: provenance.datasetDigest, numericsVersion: provenance.numericsVersion)
    check(job.specDigest == digest, "its spec's digest is \(digest), not \(job.specDigest)")
    check(
      // The attempts of a job that reuses a result are those that made it.
      (job.reusedFrom != nil || provenance.attempts.count == job.attempts)
        && provenance.attempts.enumerated().allSatisfy { $1.number == $0 + 1 },
      "it has \(Format.count(job.attempts, "attempt")) and names others")
    check(job.worker == nil, "it has ended, and yet a worker has it")
    check(job.epochsDone == epochs.count, "it has \(epochs.count) epochs and claims \(job.epochsDone)")
    check(job.durationSeconds ?? 0 >= 0, "it took less than no time")
    check(epochs.map(\.epoch) == Array(1..<epochs.count + 1), "its epochs are not contiguous from 1")
    check((job.state == .succeeded) == (job.result != nil), "exactly a job that succeeded has a result")
    check(
      [job.submittedAt, job.startedAt, job.finishedAt].compactMap(\.self).isAscending, "its times are out of order")
    guard let result = job.result else { return found }

    check(epochs.count == spec.epochs, "it has \(epochs.count) epochs of \(spec.epochs)")
    check(epochs.last?.testAccuracy == result.testAccuracy, "its last epoch has another test accuracy than its result")
    check(
      epochs.last?.digit1Accuracy == result.digit1Accuracy && epochs.last?.digit2Accuracy == result.digit2Accuracy,
      "its last epoch has other digit accuracies than its result")
    for (name, accuracy, errors, pairs) in [
      ("test", result.testAccuracy, result.testErrors, spec.testPairs),
      ("train", result.trainAccuracy, result.trainErrors, spec.trainPairs),
    ] {
      // The engine divides the same two whole numbers, so that the quotients are equal to the last bit.
      check(
        (0...pairs).contains(errors) && accuracy == Double(pairs - errors) / Double(pairs),
        "its \(name) accuracy is \(accuracy), but \(errors) of \(pairs) are wrong")
    }
    for epoch in epochs {
      let shares = [epoch.testAccuracy, epoch.digit1Accuracy, epoch.digit2Accuracy].compactMap(\.self)
      check(
        shares.allSatisfy { share in (0...1).contains(share) && share.isShare(of: spec.testPairs) },
        "epoch \(epoch.epoch) has an accuracy that no count of \(spec.testPairs) pairs gives")
    }
    check(
      (result.digit1Accuracy != nil) == spec.model.hasAuxiliaryLoss, "digits are measured exactly with auxiliary loss")
    if let last = provenance.attempts.last {
      check(last.ending == job.state.rawValue, "its last attempt did not end as the job")
    }
    return found
  }
}

extension Double {
  /// Whether it is the quotient of a whole number and `count`.
  fileprivate func isShare(of count: Int) -> Bool {
    (self * Double(count)).rounded() / Double(count) == self
  }
}

extension [String] {
  fileprivate var isAscending: Bool { zip(self, dropFirst()).allSatisfy { $0 <= $1 } }
}
