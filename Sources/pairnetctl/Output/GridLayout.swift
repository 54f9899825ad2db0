import PairAPI
import PairCore

/// Which keys make the rows of a grid and which its columns.
struct GridLayout: Hashable {
  let rows: [String]
  let column: String

  /// - Parameters rows, column: what was asked for. By default the column is the parameter with most values, but for
  ///   the model, and dropout where nothing varies; the rows are all other keys.
  init(of answer: AggregateResponse, rows: [String]?, column: String?) {
    let candidates = answer.by.filter { $0 != Parameter.model.key && rows?.contains($0) != true }
    func count(_ key: String) -> Int { Set(answer.rows.map { $0.group[key] }).count }
    func isFlag(_ key: String) -> Bool { Parameter.named(key)?.kind == .flag }
    let most = candidates.reduce(nil as String?) { best, key in
      // Among equals a parameter with numbers: its columns have an order.
      best.map { count(key) > count($0) || (count(key) == count($0) && isFlag($0)) ? key : $0 } ?? key
    }
    let column = column ?? most ?? Parameter.dropout.key
    self.column = column
    self.rows = rows ?? answer.by.filter { $0 != column }
  }
}
