import KernelAPI
import KernelIntrinsics

/// One build of the kernels. The module's name says for which instruction set.
///
/// Everything here is a function over pointers, and every vector has 16 lanes: the compiler makes of them four SSE, two
/// AVX2 or one AVX-512 register. Tile shapes differ between builds (`NARROW`, `WIDE`), the order of a sum never does.
///
/// Avoided, because the compiler makes scalar code of them: `pointwiseMax`, `max()` and `squareRoot()` of vectors,
/// conversions between vectors of floats and integers, comparing a vector with a scalar.
public enum VectorKernels: KernelSet {}

/// `KernelAPI.laneCount` as a constant of this module: another module's is a load at run time, and no loop over it is
/// unrolled.
@inline(always) var laneCount: Int { 16 }

typealias Vector = SIMD16<Float>
typealias IntegerVector = SIMD16<Int32>

/// R x C vectors that stay in registers, if every index is a constant after unrolling.
typealias Tile<let R: Int, let C: Int> = InlineArray<R, InlineArray<C, Vector>>

extension UnsafePointer<Float> {
  @inline(always) func vector(_ offset: Int) -> Vector {
    pairnet_load_floats(self + offset)
  }
}

extension UnsafeMutablePointer<Float> {
  @inline(always) func vector(_ offset: Int) -> Vector {
    pairnet_load_floats(self + offset)
  }
  @inline(always) func store(_ vector: Vector, _ offset: Int) {
    pairnet_store_floats(self + offset, vector)
  }
}

extension UnsafePointer<Int32> {
  @inline(always) func vector(_ offset: Int) -> IntegerVector {
    pairnet_load_integers(self + offset)
  }
}

extension UnsafeMutablePointer<Int32> {
  @inline(always) func store(_ vector: IntegerVector, _ offset: Int) {
    pairnet_store_integers(self + offset, vector)
  }
}

@inline(always) func splat(_ value: Float) -> Vector { Vector(repeating: value) }

/// a · b + c, rounded once.
@inline(always) func fma(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector { c.addingProduct(a, b) }

/// max(v, 0); a NaN stays one.
@inline(always) func rectified(_ vector: Vector) -> Vector {
  vector.replacing(with: Vector.zero, where: vector .< Vector.zero)
}

/// The sum of the lanes, by halves: i + (i + 8), then i + (i + 4), i + (i + 2), 0 + 1.
@inline(always) func horizontalSum(_ vector: Vector) -> Float {
  let eight = vector.lowHalf + vector.highHalf
  let four = eight.lowHalf + eight.highHalf
  let two = four.lowHalf + four.highHalf
  return two[0] + two[1]
}

@inline(always) func horizontalMax(_ vector: Vector) -> Float {
  let eight = vector.lowHalf.replacing(with: vector.highHalf, where: vector.lowHalf .< vector.highHalf)
  let four = eight.lowHalf.replacing(with: eight.highHalf, where: eight.lowHalf .< eight.highHalf)
  let two = four.lowHalf.replacing(with: four.highHalf, where: four.lowHalf .< four.highHalf)
  return two[0] < two[1] ? two[1] : two[0]
}

/// The lanes' numbers, 0...15.
@inline(always) var laneNumbers: IntegerVector { IntegerVector(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) }

/// Zeros, written out: of `InlineArray(repeating:)` for so many vectors the compiler makes a function, which the linker
/// would share with another build of the kernels (scripts/check-kernels).
@inline(always) func zeros12() -> InlineArray<12, Vector> {
  let z = Vector.zero
  return [z, z, z, z, z, z, z, z, z, z, z, z]
}

/// As `zeros12`.
@inline(always) func zeros16() -> InlineArray<16, Vector> {
  let z = Vector.zero
  return [z, z, z, z, z, z, z, z, z, z, z, z, z, z, z, z]
}
