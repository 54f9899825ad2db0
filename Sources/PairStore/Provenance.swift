import PairCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What trains the jobs: the facts that are recorded beside every attempt.
package struct Provenance: Hashable, Sendable {
  /// The engine's numerics version, part of every job's digest.
  package var numericsVersion: Int
  /// As in "baseline", "avx2", "avx512".
  package var instructionSet: String
  package var programVersion: String
  package var host: String

  package init(
    numericsVersion: Int, instructionSet: String, programVersion: String = pairnetVersion, host: String = Self.hostName
  ) {
    precondition(numericsVersion >= 1)
    self.numericsVersion = numericsVersion
    self.instructionSet = instructionSet
    self.programVersion = programVersion
    self.host = host
  }

  /// The name that this machine gives itself.
  package static var hostName: String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { name in
      name.initialize(repeating: 0)
      // The last byte stays zero, because a name that is cut need not end in one.
      guard gethostname(name.baseAddress!, name.count - 1) == 0 else { return "unknown" }
      return String(cString: name.baseAddress!)
    }
  }
}
