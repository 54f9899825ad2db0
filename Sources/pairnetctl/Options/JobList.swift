import ArgumentParser
import PairCore

/// Job ids on the command line: `7`, `3-9`, `1,5-7`.
struct JobList: ExpressibleByArgument, Hashable {
  var ids: [Int64]

  init?(argument: String) {
    var ids: [Int64] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { Int64($0) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, first > 0, first <= last,
        last - first < Int64(Grid.cellsMax)
      else { return nil }
      ids += Array(first...last)
    }
    self.ids = ids
  }
}

extension [JobList] {
  /// All ids, each once, in rising order.
  var ids: [Int64] { Set(flatMap(\.ids)).sorted() }
}
