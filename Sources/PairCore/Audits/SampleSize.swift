/// How many of some jobs to draw: a number of them or a part, as in `20` and `2%`.
package enum SampleSize: Hashable, Sendable {
  case jobs(Int)
  /// Above 0, at most 100.
  case percent(Double)

  /// Which texts are one: a number of up to nine digits, or a part above 0% and up to 100%.
  package static let pattern =
    #"^([1-9][0-9]{0,8}|(100(\.0{1,4})?|[1-9][0-9]?(\.[0-9]{1,4})?|0\.0{0,3}[1-9][0-9]{0,3})%)$"#

  /// - Throws: `SpecError` for what is neither.
  package init(parsing text: String) throws(SpecError) {
    let isOne = (try? Regex(Self.pattern).wholeMatch(in: text)) != nil
    if isOne, let jobs = Int(text) {
      self = .jobs(jobs)
    } else if isOne, let percent = Double(text.dropLast()) {
      self = .percent(percent)
    } else {
      throw SpecError(
        key: "sample", value: text,
        allowed: "give a number of jobs from 1 to 999999999, or a part of them above 0% and up to 100%, as in 0.5%")
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
