import KernelAPI

/// e^x within 2 units in the last place; 0 below −80, so that no probability is subnormal; NaN of NaN.
///
/// x = n ln 2 + r with |r| ≤ ln 2 / 2, ln 2 in two parts (Cody & Waite), and Cephes's polynomial `expf` of r.
@inline(always) func exponential(_ input: Vector) -> Vector {
  let x = input.replacing(with: splat(88), where: input .> splat(88))
    .replacing(with: splat(-81), where: input .< splat(-81))
  let roundingShift = splat(12_582_912)  // 1.5 · 2²³: adding it leaves the nearest integer in the low bits
  let shifted = fma(x, splat(1.442695040888963), roundingShift)
  let n = shifted - roundingShift
  let r = fma(n, splat(2.121_944_4e-4), fma(n, splat(-0.693359375), x))
  var p = splat(1.987_569_15e-4)
  p = fma(p, r, splat(1.398_199_950_7e-3))
  p = fma(p, r, splat(8.333_451_907_3e-3))
  p = fma(p, r, splat(4.166_579_589_4e-2))
  p = fma(p, r, splat(1.666_666_545_9e-1))
  p = fma(p, r, splat(5.000_000_120_1e-1))
  p = fma(p, r * r, r + splat(1))
  let exponent = unsafeBitCast(shifted, to: IntegerVector.self) &- IntegerVector(repeating: 0x4B40_0000)
  let power = unsafeBitCast(
    unsafeBitCast(p, to: IntegerVector.self) &+ (exponent &<< IntegerVector(repeating: 23)), to: Vector.self)
  return power.replacing(with: Vector.zero, where: input .< splat(-80)).replacing(with: input, where: input .!= input)
}

/// ln x within 2 units in the last place for normal x > 0; NaN of NaN.
///
/// x = 2ᵉ (1 + m) with 1 + m in [√½, √2), and Cephes's polynomial `logf` of m.
@inline(always) func logarithm(_ x: Vector) -> Vector {
  let bits = unsafeBitCast(x, to: IntegerVector.self)
  let exponent = (bits &- IntegerVector(repeating: 0x3F35_04F3)) &>> IntegerVector(repeating: 23)
  let m = unsafeBitCast(bits &- (exponent &<< IntegerVector(repeating: 23)), to: Vector.self) - splat(1)
  let e = unsafeBitCast(exponent &+ IntegerVector(repeating: 0x4B40_0000), to: Vector.self) - splat(12_582_912)
  var p = splat(7.037_683_629_2e-2)
  p = fma(p, m, splat(-1.151_461_031e-1))
  p = fma(p, m, splat(1.167_699_874e-1))
  p = fma(p, m, splat(-1.242_014_084_6e-1))
  p = fma(p, m, splat(1.424_932_278_7e-1))
  p = fma(p, m, splat(-1.666_805_766_5e-1))
  p = fma(p, m, splat(2.000_071_476_5e-1))
  p = fma(p, m, splat(-2.499_999_399_3e-1))
  p = fma(p, m, splat(3.333_333_117_4e-1))
  let square = m * m
  var y = p * m * square
  y = fma(e, splat(-2.121_944_4e-4), y)
  y = fma(square, splat(-0.5), y)
  return fma(e, splat(0.693359375), m + y).replacing(with: x, where: x .!= x)
}

/// 1/√x within 2 units in the last place for normal x > 0: a guess from the bits and four steps of Newton.
///
/// Written out because the compiler takes the square root of a vector lane by lane.
@inline(always) func inverseSquareRoot(_ x: Vector) -> Vector {
  let guess =
    IntegerVector(repeating: 0x5F37_59DF) &- (unsafeBitCast(x, to: IntegerVector.self) &>> IntegerVector(repeating: 1))
  var y = unsafeBitCast(guess, to: Vector.self)
  let half = x * splat(-0.5)
  for _ in 0..<4 { y = fma(fma(half * y, y, splat(0.5)), y, y) }
  return y
}
