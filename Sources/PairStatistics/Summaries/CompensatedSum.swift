/// A sum that keeps what rounding drops: its error does not grow with the number of terms.
///
/// - Source: Neumaier 1974, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54, method IV
struct CompensatedSum {
  private var sum = 0.0
  private var dropped = 0.0

  var value: Double { sum + dropped }

  mutating func add(_ term: Double) {
    let next = sum + term
    dropped += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
    sum = next
  }
}
