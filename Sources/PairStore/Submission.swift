import GRDB
import PairCore

/// A study that is on disk, and the ids of its jobs.
package struct Submission: Hashable, Sendable {
  package var study: StudyRecord
  /// Consecutive, in the order of the specs.
  package var jobs: ClosedRange<Int64>
}

extension Store {
  /// Adds a study of one queued job a spec: all of it or none. When this returns, it survives a loss of power.
  ///
  /// - Parameters:
  ///   - specs: at least one, in the order in which they shall run.
  ///   - name: 1 to 100 characters without control characters that no other study has, and neither a number nor
  ///     `study-NUMBER`; by default `study-` and the study's id.
  ///   - datasetDigests: for every dataset that the specs name, the SHA-256 of its content in lower-case hexadecimal.
  /// - Throws: `StoreError.refusedName` for the name, `.diskFull` or another storage error.
  package func submit(
    _ specs: [JobSpec], named name: String? = nil, datasetDigests: [String: String]
  ) throws(StoreError) -> Submission {
    fatalError("to be written")
  }
}
