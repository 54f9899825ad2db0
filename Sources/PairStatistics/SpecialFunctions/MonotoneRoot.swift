/// The root of a monotone function inside a bracket: Newton's step where it stays inside, otherwise the middle.
///
/// - Parameters:
///   - low, high: the bracket; `f(low)` and `f(high)` have opposite signs or one of them is zero.
///   - start: a first guess inside the bracket.
///   - f: the function's value and derivative.
/// - Source: Press, Teukolsky, Vetterling & Flannery 2007, "Numerical Recipes", 3rd edition, section 9.4 (`rtsafe`)
func monotoneRoot(
  between low: Double, and high: Double, start: Double, of f: (Double) -> (value: Double, slope: Double)
) -> Double {
  var low = low
  var high = high
  var x = start
  let rising = f(high).value > 0
  // Bisection alone halves the bracket 1,100 times before the floating-point numbers run out; Newton needs about 6.
  for _ in 0..<1_200 {
    let (value, slope) = f(x)
    if value == 0 { return x }
    if (value > 0) == rising { high = x } else { low = x }
    var next = x - value / slope
    if !(next > low && next < high) { next = low + (high - low) / 2 }
    if abs(next - x) <= 1e-15 * abs(next) || next == low || next == high { return next }
    x = next
  }
  return x
}
