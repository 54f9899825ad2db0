typealias Vectors3 = (Vector, Vector, Vector)
typealias Vectors4 = (Vector, Vector, Vector, Vector)
typealias Vectors6 = (Vector, Vector, Vector, Vector, Vector, Vector)

/// Winograd's F(4, 3): four outputs of a filter of three taps over six inputs by six multiplications instead of twelve,
/// y = Aᵀ (G g ⊙ Bᵀ d), interpolated at 0, p, −p, q, −q and ∞.
///
/// ```
///      p²q²   0   −(p²+q²)    0      1  0         1/(p²q²)   0    0           1  1  1  1  1  0
///       0   −pq²    −q²       p      1  0            n      np   np²          0  p −p  q −q  0
/// Bᵀ =  0    pq²    −q²      −p      1  0    G =     n     −np   np²    Aᵀ =  0  p² p² q² q² 0
///       0   −qp²    −p²       q      1  0            m      mq   mq²          0  p³ −p³ q³ −q³ 1
///       0    qp²    −p²      −q      1  0            m     −mq   mq²
///       0   p²q²     0    −(p²+q²)   0  1            0       0    1     n = 1/(2p²(p²−q²)), m = 1/(2q²(q²−p²))
/// ```
///
/// In two dimensions each transform is applied to columns and then to rows. The backward pass uses the adjoints: with
/// M = U ⊙ V, dU = Σ V ⊙ dM and dV = Σ U ⊙ dM, where dM = A dY Aᵀ, dg = Gᵀ dU G and dd = B dV Bᵀ.
///
/// p = 11/16 and q = 3/2, whose powers float32 holds exactly, lose half as much to rounding as the usual 1 and 2: over
/// 32 channels the root mean square error is 2.1e-7 (4.3e-7) and the largest 1.6e-6 (8e-6); the direct sum's is 0.8e-7.
///
/// Tuples rather than arrays, because they are registers whatever the optimiser thinks of the size of the caller.
///
/// - Source: Lavin & Gray 2016, "Fast Algorithms for Convolutional Neural Networks", sections 4.1 to 4.3; the choice of
///   points: Alam et al. 2022, "Winograd Convolution for Deep Neural Networks: Efficient Point Selection"
enum Winograd4 {
  @inline(always) static var p: Float { 0.6875 }
  @inline(always) static var q: Float { 1.5 }
  @inline(always) static var p2: Float { p * p }
  @inline(always) static var q2: Float { q * q }
  /// The factors of G's rows.
  @inline(always) static var outer: Float { 1 / (p2 * q2) }
  @inline(always) static var n: Float { 1 / (2 * p2 * (p2 - q2)) }
  @inline(always) static var m: Float { 1 / (2 * q2 * (q2 - p2)) }

  /// Bᵀ d
  @inline(always) static func input(
    _ d0: Vector, _ d1: Vector, _ d2: Vector, _ d3: Vector, _ d4: Vector, _ d5: Vector
  ) -> Vectors6 {
    let upper = inputUpper(d0, d1, d2, d3, d4)
    let lower = inputLower(d1, d2, d3, d4, d5)
    return (upper.0, upper.1, upper.2, lower.0, lower.1, lower.2)
  }

  /// The first three rows of Bᵀ d, which share nothing with the others.
  @inline(always) static func inputUpper(
    _ d0: Vector, _ d1: Vector, _ d2: Vector, _ d3: Vector, _ d4: Vector
  ) -> Vectors3 {
    let even = fma(splat(-q2), d2, d4)
    let odd = fma(splat(-q2), d1, d3)
    return (
      fma(splat(-(p2 + q2)), d2, fma(splat(p2 * q2), d0, d4)), fma(splat(p), odd, even), fma(splat(-p), odd, even)
    )
  }

  /// The last three rows of Bᵀ d.
  @inline(always) static func inputLower(
    _ d1: Vector, _ d2: Vector, _ d3: Vector, _ d4: Vector, _ d5: Vector
  ) -> Vectors3 {
    let even = fma(splat(-p2), d2, d4)
    let odd = fma(splat(-p2), d1, d3)
    return (
      fma(splat(q), odd, even), fma(splat(-q), odd, even), fma(splat(-(p2 + q2)), d3, fma(splat(p2 * q2), d1, d5))
    )
  }

  /// B v
  @inline(always) static func inputAdjoint(
    _ v0: Vector, _ v1: Vector, _ v2: Vector, _ v3: Vector, _ v4: Vector, _ v5: Vector
  ) -> Vectors6 {
    let sumP = v1 + v2
    let differenceP = v1 - v2
    let sumQ = v3 + v4
    let differenceQ = v3 - v4
    return (
      v0 * splat(p2 * q2),
      fma(splat(-p * q2), differenceP, fma(splat(-q * p2), differenceQ, v5 * splat(p2 * q2))),
      fma(splat(-q2), sumP, fma(splat(-p2), sumQ, v0 * splat(-(p2 + q2)))),
      fma(splat(p), differenceP, fma(splat(q), differenceQ, v5 * splat(-(p2 + q2)))),
      (v0 + sumP) + sumQ,
      v5
    )
  }

  /// G g
  @inline(always) static func filter(_ g0: Vector, _ g1: Vector, _ g2: Vector) -> Vectors6 {
    let (row1, row2) = filterP(g0, g1, g2)
    let (row3, row4) = filterQ(g0, g1, g2)
    return (g0 * splat(outer), row1, row2, row3, row4, g2)
  }

  /// The rows of G g for p and −p.
  @inline(always) static func filterP(_ g0: Vector, _ g1: Vector, _ g2: Vector) -> (Vector, Vector) {
    let even = fma(splat(n * p2), g2, g0 * splat(n))
    return (fma(splat(n * p), g1, even), fma(splat(-n * p), g1, even))
  }

  /// The rows of G g for q and −q.
  @inline(always) static func filterQ(_ g0: Vector, _ g1: Vector, _ g2: Vector) -> (Vector, Vector) {
    let even = fma(splat(m * q2), g2, g0 * splat(m))
    return (fma(splat(m * q), g1, even), fma(splat(-m * q), g1, even))
  }

  /// Gᵀ u
  @inline(always) static func filterAdjoint(
    _ u0: Vector, _ u1: Vector, _ u2: Vector, _ u3: Vector, _ u4: Vector, _ u5: Vector
  ) -> Vectors3 {
    let sumP = u1 + u2
    let sumQ = u3 + u4
    return (
      fma(splat(m), sumQ, fma(splat(n), sumP, u0 * splat(outer))),
      fma(splat(m * q), u3 - u4, (u1 - u2) * splat(n * p)),
      fma(splat(m * q2), sumQ, fma(splat(n * p2), sumP, u5))
    )
  }

  /// Aᵀ m
  @inline(always) static func output(
    _ m0: Vector, _ m1: Vector, _ m2: Vector, _ m3: Vector, _ m4: Vector, _ m5: Vector
  ) -> Vectors4 {
    let sumP = m1 + m2
    let differenceP = m1 - m2
    let sumQ = m3 + m4
    let differenceQ = m3 - m4
    return (
      (m0 + sumP) + sumQ,
      fma(splat(q), differenceQ, differenceP * splat(p)),
      fma(splat(q2), sumQ, sumP * splat(p2)),
      fma(splat(q * q2), differenceQ, fma(splat(p * p2), differenceP, m5))
    )
  }

  /// A y
  @inline(always) static func outputAdjoint(_ y0: Vector, _ y1: Vector, _ y2: Vector, _ y3: Vector) -> Vectors6 {
    let evenP = fma(splat(p2), y2, y0)
    let oddP = fma(splat(p2), y3, y1)
    let evenQ = fma(splat(q2), y2, y0)
    let oddQ = fma(splat(q2), y3, y1)
    return (
      y0, fma(splat(p), oddP, evenP), fma(splat(-p), oddP, evenP), fma(splat(q), oddQ, evenQ),
      fma(splat(-q), oddQ, evenQ), y3
    )
  }
}

extension UnsafeMutablePointer<Float> {
  /// Six vectors, `stride` floats apart.
  @inline(always) func store(_ vectors: Vectors6, _ offset: Int, stride: Int) {
    let target = self + offset
    target.store(vectors.0, 0)
    target.store(vectors.1, stride)
    target.store(vectors.2, 2 * stride)
    target.store(vectors.3, 3 * stride)
    target.store(vectors.4, 4 * stride)
    target.store(vectors.5, 5 * stride)
  }

  /// Adds to six vectors, `stride` floats apart.
  @inline(always) func add(_ vectors: Vectors6, _ offset: Int, stride: Int) {
    let target = self + offset
    target.store(target.vector(0) + vectors.0, 0)
    target.store(target.vector(stride) + vectors.1, stride)
    target.store(target.vector(2 * stride) + vectors.2, 2 * stride)
    target.store(target.vector(3 * stride) + vectors.3, 3 * stride)
    target.store(target.vector(4 * stride) + vectors.4, 4 * stride)
    target.store(target.vector(5 * stride) + vectors.5, 5 * stride)
  }
}
