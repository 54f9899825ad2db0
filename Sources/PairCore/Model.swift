/// The four networks of the report, by the names that jobs, tables and the command line use.
package enum Model: String, CaseIterable, Codable, Sendable {
  /// Both digits as two channels of one image.
  case baseNet = "BaseNet"
  /// A tower a digit, and a digit loss each.
  case baseNetAux = "BaseNetAux"
  /// One tower for both digits.
  case baseNetWeightShare = "BaseNetWeightShare"
  /// One tower for both digits, and a digit loss each.
  case baseNetWeightShareAux = "BaseNetWeightShareAux"

  /// Whether each digit goes through a tower of its own input; `BaseNet` sees both digits at once.
  package var splitsDigits: Bool { self != .baseNet }

  /// Whether both digits use the same convolution and linear weights (never the same batch norm).
  package var sharesWeights: Bool { self == .baseNetWeightShare || self == .baseNetWeightShareAux }

  /// Whether the cross-entropies of the two digits are added to the target's.
  package var hasAuxiliaryLoss: Bool { self == .baseNetAux || self == .baseNetWeightShareAux }
}
