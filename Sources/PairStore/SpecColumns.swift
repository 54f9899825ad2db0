import GRDB
import PairCore

/// How a spec lies in a row of `jobs`: one column a parameter, named by its key, in the order of `Parameter.all`.
enum SpecColumns {
  static let list = Parameter.all.map { "jobs.\($0.key)" }.joined(separator: ", ")

  /// Reads a spec from the columns that begin at `first`.
  ///
  /// - Throws: `StoreError.corrupt` if somebody wrote values into the table that no spec may have.
  static func spec(in row: Row, from first: Int, job: Int64, path: String) throws -> JobSpec {
    var values: [String: ParameterValue] = [:]
    values.reserveCapacity(Parameter.all.count)
    for (index, parameter) in Parameter.all.enumerated() {
      values[parameter.key] = value(of: parameter, in: row, at: first + index)
    }
    do {
      return try JobSpec(validating: values)
    } catch {
      throw StoreError.corrupt(path: path, reason: "job \(job) has no valid spec: \(error)")
    }
  }

  /// Reads one parameter's value.
  static func value(of parameter: Parameter, in row: Row, at index: Int) -> ParameterValue {
    switch parameter.kind {
    case .flag: .flag(row[index])
    case .integer: .integer(row[index])
    case .number: .number(row[index])
    case .choice, .name: .text(row[index])
    }
  }
}

extension ParameterValue {
  /// The value as SQLite compares it.
  var databaseValue: DatabaseValue {
    switch self {
    case .flag(let value): value.databaseValue
    case .integer(let value): value.databaseValue
    case .number(let value): value.databaseValue
    case .text(let value): value.databaseValue
    }
  }
}
