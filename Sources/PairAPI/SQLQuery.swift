import PairCore

/// POST /v1/sql: one statement that only reads.
package struct SQLRequest: Codable, Hashable, Sendable {
  package var sql: String
  /// Rows after which the answer is cut, in 1...`Limits.sqlRowsMax`; by default `Limits.sqlRowsDefault`.
  package var rowsMax: Int?
  /// Seconds after which the statement is interrupted, in (0, `Limits.sqlSecondsMax`]; by default
  /// `Limits.sqlSecondsDefault`.
  package var secondsMax: Double?

  package init(_ sql: String, rowsMax: Int? = nil, secondsMax: Double? = nil) {
    self.sql = sql
    self.rowsMax = rowsMax
    self.secondsMax = secondsMax
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case sql
    case rowsMax = "rows_max"
    case secondsMax = "seconds_max"
  }

  package init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(besides: CodingKeys.allCases.map(\.rawValue))
    let container = try decoder.container(keyedBy: CodingKeys.self)
    sql = try container.decode(String.self, forKey: .sql)
    rowsMax = try container.decodeIfPresent(Int.self, forKey: .rowsMax)
    secondsMax = try container.decodeIfPresent(Double.self, forKey: .secondsMax)
    if let rowsMax, !(1...Limits.sqlRowsMax).contains(rowsMax) {
      throw SpecError(
        key: "rows_max", value: String(rowsMax), allowed: "give an integer from 1 to \(Limits.sqlRowsMax)")
    }
    if let secondsMax, !(secondsMax > 0 && secondsMax <= Limits.sqlSecondsMax) {
      throw SpecError(
        key: "seconds_max", value: String(secondsMax), allowed: "give seconds in (0, \(Int(Limits.sqlSecondsMax))]")
    }
  }
}

/// The answer to an `SQLRequest`.
package struct SQLResponse: Codable, Sendable {
  package var columns: [String]
  /// Each as long as `columns`.
  package var rows: [[SQLValue]]
  /// Why there may be more rows than these; nil if they are all.
  package var cut: String?

  package init(columns: [String], rows: [[SQLValue]], cut: String?) {
    self.columns = columns
    self.rows = rows
    self.cut = cut
  }
}
