/// How many of some jobs to draw: a number of them or a part, as in `20` and `2%`.
package enum SampleSize: Hashable, Sendable {
  case jobs(Int)
  /// Above 0, at most 100.
  case percent(Double)

  /// - Throws: `SpecError` for what is neither.
  package init(parsing text: String) throws(SpecError) {
    let refusal = SpecError(
      key: "sample", value: text, allowed: "give a number of jobs from 1, or a part of them above 0% and up to 100%")
    let text = text.trimmed
    if text.hasSuffix("%") {
      guard let percent = Double(text.dropLast()), percent > 0, percent <= 100 else { throw refusal }
      self = .percent(percent)
    } else {
      guard let jobs = Int(text), jobs >= 1 else { throw refusal }
      self = .jobs(jobs)
    }
  }

  /// So many of `total`: a part is rounded up, so that something is drawn where there is something.
  package func count(of total: Int) -> Int {
    switch self {
    case .jobs(let jobs): min(jobs, total)
    case .percent(let percent): min(total, Int((Double(total) * percent / 100).rounded(.up)))
    }
  }
}

extension SampleSize: CustomStringConvertible {
  package var description: String {
    switch self {
    case .jobs(let jobs): String(jobs)
    case .percent(let percent):
      percent == percent.rounded() ? "\(Int(percent))%" : "\(percent)%"
    }
  }
}

extension SampleSize: Codable {
  package init(from decoder: any Decoder) throws {
    try self.init(parsing: try decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
