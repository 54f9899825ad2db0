import PairCore

/// Which parameters a table of jobs has columns for: those that people compare by, and whatever else differs.
struct ParameterColumns: Hashable {
  /// Shown even where every row has the same value.
  static let alwaysShown: Set<String> = ["model", "batch_norm", "dropout", "seed"]

  /// In the order of `Parameter.all`.
  let shown: [Parameter]
  /// What all rows agree in and no column shows: `dataset mnist, epochs 30`; nil if nothing.
  let constants: String?

  /// - Parameter rows: for each row its values by key; rows may lack keys.
  init(of rows: some Collection<[String: ParameterValue]>) {
    let present = Parameter.all.filter { parameter in rows.contains { $0[parameter.key] != nil } }
    let differing = present.filter { parameter in rows.contains { $0[parameter.key] != rows.first?[parameter.key] } }
    let shown = present.filter { Self.alwaysShown.contains($0.key) || differing.contains($0) }
    let hidden = present.filter { !shown.contains($0) }
    self.shown = shown
    constants =
      hidden.isEmpty
      ? nil
      : hidden.compactMap { parameter in
        (rows.first?[parameter.key]).map { "\(parameter.key) \(Format.printable(Format.value($0)))" }
      }.joined(separator: ", ")
  }

  var columns: [Table.Column] { shown.map(Self.column) }

  func cells(_ values: [String: ParameterValue]) -> [Table.Cell] {
    shown.map { parameter in Table.Cell(values[parameter.key].map(Format.value) ?? "") }
  }

  static func column(_ parameter: Parameter) -> Table.Column {
    switch parameter.kind {
    case .integer, .number: .number(parameter.key)
    case .choice, .flag, .name: .text(parameter.key)
    }
  }
}
