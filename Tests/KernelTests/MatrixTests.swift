import KernelAPI
import KernelsReference
import PairNN
import Testing

struct MatrixCase: CustomTestStringConvertible, Sendable {
  var rows, inner, columns: Int
  var testDescription: String { "\(rows)x\(inner) · \(inner)x\(columns), seed \(testSeed)" }

  static let all = [
    MatrixCase(rows: 25, inner: 256, columns: 208), MatrixCase(rows: 50, inner: 200, columns: 256),
    MatrixCase(rows: 1, inner: 1, columns: 16), MatrixCase(rows: 2, inner: 3, columns: 32),
    MatrixCase(rows: 3, inner: 17, columns: 48), MatrixCase(rows: 4, inner: 10, columns: 80),
    MatrixCase(rows: 7, inner: 31, columns: 96), MatrixCase(rows: 13, inner: 2, columns: 208),
    MatrixCase(rows: 70, inner: 32, columns: 256), MatrixCase(rows: 64, inner: 33, columns: 112),
  ]
}

@Suite struct MatrixTests {
  @Test("A product of matrices agrees with the reference", arguments: InstructionSet.available, MatrixCase.all)
  func gemm(set: InstructionSet, test: MatrixCase) {
    let expected = products(ReferenceKernels.self, test)
    for (found, expected) in zip(products(set.kernels, test), expected) {
      #expect(difference(found, expected, scale: Float(test.inner).squareRoot()) < 2e-6)
    }
  }

  @Test("A product of matrices has the same bits on every instruction set", arguments: MatrixCase.all)
  func gemmBits(test: MatrixCase) {
    let expected = products(InstructionSet.baseline.kernels, test)
    for set in InstructionSet.available.dropFirst() {
      let found = products(set.kernels, test)
      for (found, expected) in zip(found, expected) { #expect(sameBits(found, expected)) }
      #expect(sameBits(found[0], found[2]) && sameBits(found[1], found[3]), "dense and sparse")
    }
  }

  /// Dense and sparse, without and with bias and epilogue, with gaps between rows and zeros in a.
  private func products(_ kernels: any KernelSet.Type, _ test: MatrixCase) -> [[Float]] {
    var numbers = Numbers(test.rows * test.columns)
    let (aStride, bStride, outputStride) = (test.inner + 5, test.columns + 16, test.columns + 3)
    let a = numbers.sparse(test.rows * aStride)
    let b = numbers.floats(test.inner * bStride)
    let bias = numbers.floats(test.columns)
    let scale = numbers.floats(test.columns)
    let shift = numbers.floats(test.columns)
    return [kernels.gemm, kernels.sparseGemm].flatMap { kernel in
      var plain = [Float](repeating: 7, count: test.rows * outputStride)
      var full = plain
      kernel(
        test.rows, test.inner, test.columns, a, aStride, b, bStride, nil, nil, nil, false, &plain, outputStride)
      kernel(
        test.rows, test.inner, test.columns, a, aStride, b, bStride, bias, scale, shift, true, &full, outputStride)
      return [plain, full]
    }
  }

  @Test("Sums of outer products agree with the reference", arguments: InstructionSet.available, MatrixCase.all)
  func outer(set: InstructionSet, test: MatrixCase) {
    let expected = outerProducts(ReferenceKernels.self, test)[0]
    let baseline = outerProducts(InstructionSet.baseline.kernels, test)[0]
    for found in outerProducts(set.kernels, test) {
      #expect(difference(found, expected, scale: Float(test.rows).squareRoot()) < 2e-6)
      #expect(sameBits(found, baseline))
    }
  }

  /// Dense and sparse; with m a multiple of 16 or not.
  private func outerProducts(_ kernels: any KernelSet.Type, _ test: MatrixCase) -> [[Float]] {
    var numbers = Numbers(test.rows + test.columns)
    let (m, n) = (test.inner % 2 == 0 ? padded(test.inner) : test.inner, test.columns)
    let (aStride, bStride) = (m + 16, n + 16)
    let a = numbers.sparse(test.rows * aStride)
    let b = numbers.floats(test.rows * bStride)
    let base = numbers.floats(m * n)
    return [kernels.outer, kernels.sparseOuter].map { kernel in
      var output = base
      kernel(test.rows, m, n, a, aStride, b, bStride, base, -0.3, &output)
      return output
    }
  }

  @Test(
    "Transposing twice gives the matrix back", arguments: InstructionSet.available,
    [(16, 16), (208, 256), (16, 208), (32, 48)])
  func transpose(set: InstructionSet, size: (rows: Int, columns: Int)) {
    var numbers = Numbers(size.rows)
    let (sourceStride, stride) = (size.columns + 16, size.rows + 16)
    let source = numbers.floats(size.rows * sourceStride)
    var there = [Float](repeating: 0, count: size.columns * stride)
    set.kernels.transpose(
      rows: size.rows, columns: size.columns, source: source, sourceStride: sourceStride, destination: &there,
      destinationStride: stride)
    for row in 0..<size.rows {
      for column in 0..<size.columns { #expect(there[column * stride + row] == source[row * sourceStride + column]) }
    }
  }
}
