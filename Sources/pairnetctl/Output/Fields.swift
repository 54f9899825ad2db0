import PairCore

/// Names and values below each other.
struct Fields: Hashable {
  private(set) var fields: [(name: String, value: String, style: Style)] = []

  static func == (left: Fields, right: Fields) -> Bool { left.text(styled: true) == right.text(styled: true) }
  func hash(into hasher: inout Hasher) { hasher.combine(text(styled: true)) }

  mutating func add(_ name: String, _ value: String?, _ style: Style = .plain) {
    if let value, !value.isEmpty { fields.append((name, Format.printable(value), style)) }
  }

  func text(styled: Bool) -> String {
    let width = fields.reduce(0) { max($0, $1.name.count) }
    return fields.map { name, value, style in
      let padding = String(repeating: " ", count: width - name.count)
      return "\(styled ? Style.bold.applied(to: name) : name)\(padding)  \(styled ? style.applied(to: value) : value)\n"
    }.joined()
  }

  func write() { Standard.output.write(text(styled: Terminal.output.color != .none)) }
}

extension Fields {
  /// - Parameter waiting: why it does not run yet.
  init(of job: JobRecord, _ provenance: JobProvenance?, waiting: String? = nil) {
    add("job", String(job.id))
    add("study", String(job.study))
    add("state", job.state.rawValue, Style(of: job.state))
    add("waits", waiting)
    add("reason", job.reason)
    add("priority", job.priority == .normal ? nil : job.priority.rawValue)
    add("audit of", job.auditOf.map { "job \($0)" })
    if job.auditOf == nil { add("forced", job.isForced ? "trained even if its result was known" : nil) }
    add("reused from", job.reusedFrom.map { "job \($0), the same training" })
    let values = job.spec.values
    for parameter in Parameter.all { add(parameter.key, values[parameter.key].map(Format.value)) }
    add("attempts", String(job.attempts))
    add("crashes", job.crashes == 0 ? nil : "the daemon died \(Format.count(job.crashes, "time")) while it ran")
    add("worker", job.worker.map { String($0) })
    add("epochs done", "\(job.epochsDone)/\(job.spec.epochs)")
    add("submitted", job.submittedAt)
    add("started", job.startedAt)
    add("finished", job.finishedAt)
    add("duration", job.durationSeconds.map { "\(Format.fixed($0, decimals: 2)) s" })
    if let result = job.result {
      let spec = job.spec
      add("test accuracy", "\(Format.percent(result.testAccuracy)) % (\(result.testErrors) of \(spec.testPairs) wrong)")
      add(
        "train accuracy",
        "\(Format.percent(result.trainAccuracy)) % (\(result.trainErrors) of \(spec.trainPairs) wrong)")
      add("digit accuracies", Self.digits(result))
      add("test loss", Format.fixed(result.testLoss, decimals: 4))
      add("train loss", Format.fixed(result.trainLoss, decimals: 4))
      add("weights sha256", result.weightsSHA256)
    }
    add("spec digest", job.specDigest)
    guard let provenance else { return }
    add("dataset digest", provenance.datasetDigest)
    add("numerics", "version \(provenance.numericsVersion)")
    for attempt in provenance.attempts { add("attempt \(attempt.number)", Self.attempt(attempt)) }
  }

  private static func attempt(_ attempt: JobProvenance.Attempt) -> String {
    "\(attempt.ending ?? "running") on \(attempt.host), worker \(attempt.worker), pairnetd \(attempt.programVersion), "
      + "\(attempt.instructionSet), \(attempt.startedAt) to \(attempt.endedAt ?? "now")"
  }

  private static func digits(_ result: JobResult) -> String? {
    guard let first = result.digit1Accuracy, let second = result.digit2Accuracy else { return nil }
    return "\(Format.percent(first)) % and \(Format.percent(second)) %"
  }
}
