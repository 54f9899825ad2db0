import ArgumentParser
import PairCore

/// Job ids on the command line: `7`, `3-9`, `1,5-7`.
struct JobList: ExpressibleByArgument, Hashable {
  var ids: [Int64]

  init?(argument: String) {
    guard let ids = try? JobFilter.jobs(listedIn: argument) else { return nil }
    self.ids = ids
  }
}

extension [JobList] {
  /// All ids, each once, in rising order.
  var ids: [Int64] { Set(flatMap(\.ids)).sorted() }
}
