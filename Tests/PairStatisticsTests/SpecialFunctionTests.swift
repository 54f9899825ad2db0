import Glibc
import PairStatistics
import Testing

@Suite("Special functions and distributions, against SciPy")
struct SpecialFunctionTests {
  let expected = Expected.all

  @Test("ln Γ agrees to 13 digits")
  func gamma() {
    for point in expected.logGamma {
      #expect(agree(logGamma(point.x), point.value, relative: 1e-13, floor: 1e-14), "at \(point.x)")
    }
    for point in expected.logBeta {
      #expect(agree(logBeta(point.a, point.b), point.value, relative: 1e-13, floor: 1e-14), "at \(point)")
      #expect(logBeta(point.a, point.b) == logBeta(point.b, point.a))
    }
  }

  @Test("ln B(a, ½) keeps its digits for a of a million, where three ln Γ would cancel")
  func betaOfLarge() {
    // B(a, ½) = √(π/a) (1 + 1/(8a) + 1/(128a²) − …)
    let a = 1e6
    let series = 1 + 1 / (8 * a) + 1 / (128 * a * a)
    #expect(agree(exp(logBeta(a, 0.5)), (Double.pi / a).squareRoot() * series, relative: 1e-14))
  }

  @Test("Both tails of the incomplete beta function agree to 11 digits, however small")
  func incompleteBeta() {
    for point in expected.incompleteBeta {
      let value = IncompleteBeta(x: point.x, a: point.a, b: point.b)
      #expect(agree(value.lower, point.lower, relative: 1e-11), "lower at \(point)")
      #expect(agree(value.upper, point.upper, relative: 1e-11), "upper at \(point)")
    }
  }

  @Test("The incomplete gamma function and the quantiles of chi squared agree")
  func incompleteGamma() {
    for point in expected.incompleteGamma {
      #expect(agree(regularisedIncompleteGamma(point.a, point.x), point.value, relative: 1e-11), "at \(point)")
    }
    for point in expected.chiSquared {
      let value = ChiSquared(degreesOfFreedom: point.df).quantile(point.p)
      #expect(agree(value, point.value, relative: 1e-11), "at \(point)")
    }
  }

  @Test("The normal distribution and its quantiles agree, far out too")
  func normal() {
    for point in expected.normal.cumulative {
      #expect(agree(NormalDistribution.cumulative(point.x), point.value, relative: 1e-12), "at \(point.x)")
    }
    for point in expected.normal.quantile {
      let value = NormalDistribution.quantile(point.p)
      #expect(agree(value, point.value, relative: 1e-11, floor: 1e-15), "at \(point.p)")
    }
  }

  @Test("Student's tails agree for 1 to a million degrees of freedom")
  func studentTails() {
    for point in expected.student.tail {
      let value = StudentT(degreesOfFreedom: point.df).twoSidedTail(point.t)
      #expect(agree(value, point.value, relative: 1e-10), "\(value) at \(point)")
    }
  }

  @Test("Student's critical values agree for 1 to a million degrees of freedom and tails down to 1e-12")
  func studentCriticalValues() {
    for point in expected.student.critical {
      let value = StudentT(degreesOfFreedom: point.df).criticalValue(twoSidedTail: point.tail)
      #expect(agree(value, point.value, relative: 5e-12), "\(value) at \(point)")
    }
  }

  @Test("Student's quantile undoes its distribution function", arguments: [1, 2.5, 9, 1e4])
  func studentRoundTrip(degrees: Double) {
    let student = StudentT(degreesOfFreedom: degrees)
    for p in [0.001, 0.025, 0.3, 0.5, 0.6, 0.99] {
      #expect(agree(student.cumulative(student.quantile(p)), p, relative: 1e-12))
    }
  }

  @Test("With one degree of freedom Student's t is Cauchy's, with two it has a closed form")
  func studentClosedForms() {
    for tail in [0.9, 0.05, 1e-9] {
      let half = tail / 2
      let cauchy = 1 / tan(Double.pi * half)
      #expect(agree(StudentT(degreesOfFreedom: 1).criticalValue(twoSidedTail: tail), cauchy, relative: 1e-12))
      let two = (1 - tail) * (2 / (tail * (2 - tail))).squareRoot()
      #expect(agree(StudentT(degreesOfFreedom: 2).criticalValue(twoSidedTail: tail), two, relative: 1e-12))
    }
  }
}
