import CPUFeatures
import KernelAPI
import Kernels

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if arch(x86_64)
  import KernelsAVX2
  import KernelsAVX512
#endif

/// A build of the kernels. All of them compute the same bits; they differ in speed.
package enum InstructionSet: String, CaseIterable, Sendable {
  /// What every machine of the architecture has. Without fused multiply-add it is a hundred times slower than the others.
  case baseline
  /// x86-64-v3: AVX2 and FMA.
  case avx2
  /// x86-64-v4: AVX-512 F, BW, CD, DQ and VL.
  case avx512

  /// The environment variable that forces one.
  package static let variable = "PAIRNET_ISA"

  /// Those that this machine runs, the fastest last.
  package static let available: [InstructionSet] = {
    let level = cpu_x86_64_level()
    return allCases.filter { $0.level <= level }
  }()

  /// The fastest, or the one that `PAIRNET_ISA` names.
  ///
  /// - Throws: `InstructionSetError` if it names none, or one that this machine lacks.
  package static func chosen(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(InstructionSetError) -> InstructionSet {
    guard let name = environment[variable], !name.isEmpty else { return available[available.count - 1] }
    guard let set = InstructionSet(rawValue: name), available.contains(set) else {
      throw InstructionSetError(value: name)
    }
    return set
  }

  /// `chosen()`, once. A program that trains calls `chosen()` at its start and reports the error; here it is fatal.
  package static let current: InstructionSet = {
    do {
      return try chosen()
    } catch {
      fatalError("\(error)")
    }
  }()

  private var level: Int32 {
    switch self {
    case .baseline: 1
    case .avx2: 3
    case .avx512: 4
    }
  }

  package var kernels: any KernelSet.Type {
    #if arch(x86_64)
      switch self {
      case .baseline: Kernels.VectorKernels.self
      case .avx2: KernelsAVX2.VectorKernels.self
      case .avx512: KernelsAVX512.VectorKernels.self
      }
    #else
      Kernels.VectorKernels.self
    #endif
  }
}

/// `PAIRNET_ISA` names no instruction set that this machine has.
package struct InstructionSetError: Error, Hashable, Sendable, CustomStringConvertible {
  package var value: String

  package var description: String {
    let allowed = InstructionSet.available.map(\.rawValue).joined(separator: ", ")
    let reason = InstructionSet(rawValue: value) == nil ? "is no instruction set" : "is not available on this machine"
    return "\(InstructionSet.variable): '\(value)' \(reason); give one of \(allowed), or leave it unset for the fastest"
  }
}
