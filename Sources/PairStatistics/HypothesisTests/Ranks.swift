/// Ranks from 1 to n, equal values sharing the mean of theirs (midranks).
struct Ranks {
  /// Twice the rank of each value, which is whole even for ties.
  let doubled: [Int]
  /// Σ(t³ − t) over the groups of t equal values: 0 without ties.
  let tieTerm: Double

  init(of values: [Double]) {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var doubled = [Int](repeating: 0, count: values.count)
    var tieTerm = 0.0
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count && values[order[end]] == values[order[start]] { end += 1 }
      for position in start..<end { doubled[order[position]] = start + 1 + end }  // twice the mean of start + 1 ... end
      let tied = Double(end - start)
      tieTerm += tied * tied * tied - tied
      start = end
    }
    self.doubled = doubled
    self.tieTerm = tieTerm
  }
}
